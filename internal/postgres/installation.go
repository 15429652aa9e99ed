package postgres

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/models"
)

// listedFile is one line of files.json.
type listedFile struct {
	Name        string `json:"name"`
	SizeBytes   int64  `json:"size_bytes"`
	StoredBytes int64  `json:"stored_bytes"` // the end of it
	SHA256      string `json:"sha256"`       // of what is stored
	Fault       string `json:"fault,omitempty"`
}

// putInstallation seals what belongs to the installation beside the backup id.
func (k RecoveryKey) putInstallation(
	ctx context.Context, to *blob.Store, id uuid.UUID, in models.Installation, lockedUntil time.Time,
) (models.BackupInstallation, error) {
	key := blob.Key{Kind: blob.Installations, ID: id}
	described := models.BackupInstallation{Object: key.String(), Files: len(in.Files), Version: in.Version, BinarySHA256: in.BinarySHA256}
	listed := []listedFile{}
	for _, f := range in.Files {
		listed = append(listed, listedFile{f.Name, f.SizeBytes, int64(len(f.Content)), hashOf(f.Content), f.Fault})
	}
	list, err := json.MarshalIndent(listed, "", " ")
	if err != nil {
		return described, err
	}
	var sealed bytes.Buffer
	if _, err := k.seal(&sealed, func(w io.Writer) error {
		out := tar.NewWriter(w)
		for _, f := range append([]models.InstallationFile{{Name: "files.json", Content: list}}, in.Files...) {
			if f.Fault != "" {
				continue
			}
			if err := out.WriteHeader(&tar.Header{Name: f.Name, Mode: 0o600, Size: int64(len(f.Content))}); err != nil {
				return err
			}
			if _, err := out.Write(f.Content); err != nil {
				return err
			}
		}
		return out.Close()
	}); err != nil {
		return described, err
	}
	described.SHA256, described.SizeBytes = hashOf(sealed.Bytes()), int64(sealed.Len())
	_, err = to.Put(ctx, key, &sealed, blob.Content{Size: described.SizeBytes, SHA256: described.SHA256, LockedUntil: lockedUntil})
	return described, err
}

// FetchBeside reads what lies beside a backup, as its manifest describes it, into `to` and says in checks what it found, as
// [RecoveryKey.Fetch] does.
func (k RecoveryKey) FetchBeside(ctx context.Context, files *blob.Store, object string, want Sum, to io.Writer) ([]models.DrillCheck, error) {
	key, err := blob.ParseKey(object)
	if err != nil {
		return nil, err
	}
	return k.fetch(ctx, files, key, asStored, want, nil, to)
}
