package activities

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"

	"mainstay/internal/postgres"
	"mainstay/models"
)

// installationFileBytes bounds what is kept of one file: of a log its end says what happened last.
const installationFileBytes = 4 << 20

func (o *Operations) beside() postgres.Beside {
	return postgres.Beside{Inventory: o.inventory, Installation: o.installation}
}

// installation reads what belongs to the installation beside its rows and files. A file that cannot be read is listed with the reason and
// fails no backup.
func (o *Operations) installation() (models.Installation, error) {
	in := models.Installation{Version: o.Version}
	release, err := o.release(&in)
	if err != nil {
		return in, err
	}
	in.Files = []models.InstallationFile{
		{Name: "settings.txt", SizeBytes: int64(len(o.Settings)), Content: []byte(o.Settings)},
		{Name: "release.json", SizeBytes: int64(len(release)), Content: release},
	}
	for _, path := range o.Paths {
		_ = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				in.Files = append(in.Files, models.InstallationFile{Name: name, Fault: err.Error()})
			case entry.IsDir() && entry.Name() == "secrets":
				return fs.SkipDir
			case entry.Type().IsRegular():
				in.Files = append(in.Files, endOf(name))
			}
			return nil
		})
	}
	return in, nil
}

// release describes the program that runs: its own hash, by its lock file each module's, the frontend's lock file by its hash, and the image
// where it is told.
func (o *Operations) release(in *models.Installation) ([]byte, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file, err := os.Open(program) //nolint:gosec // this program
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	size, err := io.Copy(hash, file)
	if err != nil {
		return nil, err
	}
	in.BinarySHA256 = hex.EncodeToString(hash.Sum(nil))
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, errors.New("activities: the program has no build information")
	}
	modules := map[string]string{}
	for _, m := range info.Deps {
		for m.Replace != nil {
			m = m.Replace
		}
		modules[m.Path+"@"+m.Version] = m.Sum
	}
	release := map[string]any{
		"version": o.Version, "go": info.GoVersion, "binary_sha256": in.BinarySHA256, "binary_bytes": size, "modules": modules,
	}
	if o.Image != "" {
		release["image"] = o.Image
	}
	if len(o.WebLockFile) > 0 { // it has the hash of every package
		sum := sha256.Sum256(o.WebLockFile)
		release["package_lock_sha256"] = hex.EncodeToString(sum[:])
	}
	return json.MarshalIndent(release, "", " ")
}

func endOf(name string) models.InstallationFile {
	f := models.InstallationFile{Name: name}
	file, err := os.Open(name) //nolint:gosec // an operator named it
	if err != nil {
		f.Fault = err.Error()
		return f
	}
	defer func() { _ = file.Close() }()
	if f.SizeBytes, err = file.Seek(0, io.SeekEnd); err == nil {
		_, err = file.Seek(max(0, f.SizeBytes-installationFileBytes), io.SeekStart)
	}
	var content bytes.Buffer
	if err == nil {
		_, err = io.Copy(&content, io.LimitReader(file, installationFileBytes))
	}
	if err != nil {
		f.Fault = err.Error()
		return f
	}
	f.Content = content.Bytes()
	return f
}
