package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

// s3Command runs versitygw on a folder. The process changes its working directory into it.
type s3Command struct {
	Addr      string `default:"127.0.0.1:9000" help:"Address to listen on."`
	Dir       string `required:"" type:"path" help:"Folder of the objects."`
	AccessKey string `required:"" env:"DEVSTACK_S3_ACCESS_KEY" help:"The one access key."`
	SecretKey string `required:"" env:"DEVSTACK_S3_SECRET_KEY" help:"Its secret; better given in the environment."`
	Region    string `default:"us-east-1" help:"Region the signatures must name."`
}

func (c *s3Command) Run(ctx context.Context) error {
	backend, err := c.backend()
	if err != nil {
		return err
	}
	return embedgw.RunVersityGW(ctx, backend, &embedgw.Config{
		RootUserAccess: c.AccessKey, RootUserSecret: c.SecretKey, Region: c.Region, Ports: []string{c.Addr},
		MaxConnections: 1024, MaxRequests: 512, MultipartMaxParts: 10000, HealthPath: "/healthz", Quiet: true, KeepAlive: true,
	})
}

// backend keeps what S3 knows about an object in extended attributes, or in files beside it where the file system has
// none.
func (c *s3Command) backend() (*posix.Posix, error) {
	data, sideCar, versions := filepath.Join(c.Dir, "data"), filepath.Join(c.Dir, "meta"), filepath.Join(c.Dir, "versions")
	for _, dir := range []string{data, versions} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	options := posix.PosixOpts{VersioningDir: versions, Concurrency: 64}
	if err := (meta.XattrMeta{}).Test(data); err == nil {
		return posix.New(data, meta.XattrMeta{}, options)
	}
	if err := os.MkdirAll(sideCar, 0o700); err != nil {
		return nil, err
	}
	store, err := meta.NewSideCar(sideCar)
	if err != nil {
		return nil, err
	}
	options.SideCarDir = sideCar
	return posix.New(data, store, options)
}
