package stack

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// prepareDatabase creates what the migrations expect from a deployment: the database, the login of the application,
// member of the role that the migrations grant to, and the login of backups. It can be repeated.
func prepareDatabase(ctx context.Context, o PostgresOptions, loginPassword, backupPassword string) (err error) {
	conn, err := pgx.Connect(ctx, postgresURL(superuser, o.Password, o.Port, "postgres"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	for _, role := range []struct{ name, kind string }{{"mainstay_app", "NOLOGIN"}, {appLogin, "LOGIN"}, {backupLogin, "LOGIN BYPASSRLS"}} {
		if err := createUnless(ctx, conn, "SELECT count(*) FROM pg_roles WHERE rolname = $1", role.name,
			"CREATE ROLE "+role.name+" "+role.kind); err != nil {
			return err
		}
	}
	if err := createUnless(ctx, conn, "SELECT count(*) FROM pg_database WHERE datname = $1", database,
		"CREATE DATABASE "+database); err != nil {
		return err
	}
	// The passwords are letters and digits of our own making; a statement like this takes no parameters.
	_, err = conn.Exec(ctx, fmt.Sprintf(`ALTER ROLE %[1]s PASSWORD '%[2]s'; GRANT mainstay_app TO %[1]s;
		ALTER ROLE %[3]s PASSWORD '%[4]s'; GRANT pg_read_all_data TO %[3]s;
		REVOKE ALL ON DATABASE %[5]s FROM PUBLIC; GRANT CONNECT ON DATABASE %[5]s TO %[1]s, %[3]s`,
		appLogin, loginPassword, backupLogin, backupPassword, database))
	return err
}

func createUnless(ctx context.Context, conn *pgx.Conn, countSQL, name, createSQL string) error {
	var count int
	if err := conn.QueryRow(ctx, countSQL, name).Scan(&count); err != nil {
		return err
	}
	if count > 0 {
		return nil
	}
	_, err := conn.Exec(ctx, createSQL)
	return err
}

// createBucket creates the bucket of all files unless it is there.
func createBucket(ctx context.Context, addr, secretKey, bucket, region string) error {
	storage, err := minio.New(addr, &minio.Options{Creds: credentials.NewStaticV4(superuser, secretKey, ""), Region: region})
	if err != nil {
		return err
	}
	exists, err := storage.BucketExists(ctx, bucket)
	if err != nil || exists {
		return err
	}
	return storage.MakeBucket(ctx, bucket, minio.MakeBucketOptions{Region: region})
}
