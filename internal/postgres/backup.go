package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/models"
)

const manifestFormat = 1

func objectKey(id uuid.UUID) blob.Key   { return blob.Key{Kind: blob.Backups, ID: id} }
func manifestKey(id uuid.UUID) blob.Key { return blob.Key{Kind: blob.BackupManifests, ID: id} }

// Beside reads what is stored beside the rows of a backup.
type Beside struct {
	Inventory    func(context.Context) ([]models.InventoryLine, error)
	Installation func() (models.Installation, error)
}

// Backup dumps the database into storage, then what is beside it, the manifest last: without one the backup does not exist. The same id again
// writes it anew.
func (t Tools) Backup(
	ctx context.Context, o DumpOptions, files *blob.Store, id uuid.UUID, beside Beside,
) (models.BackupManifest, models.BackupEvidence, error) {
	began := time.Now()
	reader, writer := io.Pipe()
	type outcome struct {
		dump Dump
		err  error
	}
	dumped := make(chan outcome, 1)
	go func() {
		d, err := t.Dump(ctx, o, writer)
		writer.CloseWithError(err) // nil is the end of the stream
		dumped <- outcome{d, err}
	}()
	object, err := files.Put(ctx, objectKey(id), reader, blob.Content{Size: blob.Unknown})
	_ = reader.CloseWithError(err) // the dump must not wait for a reader that is gone
	done := <-dumped
	if done.err != nil && err == nil || models.AsError(done.err) != nil {
		err = done.err
	}
	if err != nil {
		return models.BackupManifest{}, models.BackupEvidence{}, err
	}
	d := done.dump
	m := models.BackupManifest{
		Format: manifestFormat, ID: id, Kind: models.BackupDump, SnapshotAt: d.SnapshotAt, Database: d.Database, ServerVersion: d.ServerVersion,
		Object: objectKey(id).String(), SizeBytes: object.Size, SHA256: object.SHA256, PlainBytes: d.Plain.Bytes, PlainSHA256: d.Plain.SHA256,
		Recipient: o.Key.Recipient(), Tables: d.Tables, Roles: d.Roles, ForeignKeys: d.ForeignKeys,
	}
	if err := o.Key.putBeside(ctx, files, &m, beside, time.Time{}); err != nil {
		return m, models.BackupEvidence{}, err
	}
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return m, models.BackupEvidence{}, err
	}
	sum := sha256.Sum256(text)
	hash := hex.EncodeToString(sum[:])
	if _, err := files.Put(ctx, manifestKey(id), bytes.NewReader(text), blob.Content{Size: int64(len(text)), SHA256: hash, Type: "application/json"}); err != nil {
		return m, models.BackupEvidence{}, err
	}
	return m, models.BackupEvidence{
		Object: m.Object, SHA256: m.SHA256, SizeBytes: m.SizeBytes, PlainBytes: m.PlainBytes, Manifest: manifestKey(id).String(),
		ManifestSHA256: hash, Recipient: m.Recipient, Tables: len(m.Tables), Rows: m.Rows(), Seconds: time.Since(began).Seconds(),
		Inventory: m.Inventory, Installation: m.Installation,
	}, nil
}

func (k RecoveryKey) putBeside(ctx context.Context, to *blob.Store, m *models.BackupManifest, beside Beside, lockedUntil time.Time) error {
	lines, err := beside.Inventory(ctx)
	if err != nil {
		return err
	}
	inventory, err := k.putInventory(ctx, to, m.ID, lines, lockedUntil)
	if err != nil {
		return err
	}
	in, err := beside.Installation()
	if err != nil {
		return err
	}
	installation, err := k.putInstallation(ctx, to, m.ID, in, lockedUntil)
	m.Inventory, m.Installation = &inventory, &installation
	return err
}

// manifestBytes bounds what is read of a manifest.
const manifestBytes = 16 << 20

// ReadManifest reads the manifest of a backup and its SHA-256. CodeNotFound: there is no such backup.
func ReadManifest(ctx context.Context, files *blob.Store, id uuid.UUID) (m models.BackupManifest, hash string, err error) {
	body, _, err := files.Get(ctx, manifestKey(id))
	if err != nil {
		return m, "", err
	}
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(io.LimitReader(body, manifestBytes))
	if err != nil {
		return m, "", err
	}
	sum := sha256.Sum256(text)
	if err := json.Unmarshal(text, &m); err != nil {
		return m, "", fmt.Errorf("%w: the manifest cannot be read: %w", ErrBroken, err)
	}
	if m.Format != manifestFormat || m.ID != id || m.Object != objectKey(id).String() {
		return m, "", fmt.Errorf("%w: the manifest describes another backup", ErrBroken)
	}
	return m, hex.EncodeToString(sum[:]), nil
}

// NewestManifest finds the backup in storage that holds the latest rows, with nothing but the storage. CodeNotFound: there is none.
func NewestManifest(ctx context.Context, files *blob.Store) (models.BackupManifest, error) {
	keys, err := files.List(ctx, uuid.Nil, blob.BackupManifests)
	if err != nil {
		return models.BackupManifest{}, err
	}
	var newest models.BackupManifest
	for _, key := range keys {
		m, _, err := ReadManifest(ctx, files, key.ID)
		if err != nil {
			return models.BackupManifest{}, err
		}
		if m.SnapshotAt.After(newest.SnapshotAt) {
			newest = m
		}
	}
	if newest.Format == 0 {
		return newest, models.NotFound("backup")
	}
	return newest, nil
}

// The checks of [RecoveryKey.Fetch].
const (
	CheckObject  = "object"  // the stored object has the size and hash of the manifest
	CheckDecrypt = "decrypt" // the recovery key opens it, to its authenticated end
	CheckContent = "content" // what came out has the size and hash of the manifest
)

// Fetch reads a backup out of storage, decrypts it into `to` and says in checks what it found; those after one that failed are not made. An
// error is neither: the storage was away, or `to` cannot be written.
func (k RecoveryKey) Fetch(ctx context.Context, files *blob.Store, m models.BackupManifest, to io.Writer) ([]models.DrillCheck, error) {
	return k.FetchThrough(ctx, files, m, asStored, to)
}

// FetchThrough is Fetch of what a reader makes of the stored object.
func (k RecoveryKey) FetchThrough(
	ctx context.Context, files *blob.Store, m models.BackupManifest, reads func(io.Reader) io.Reader, to io.Writer,
) ([]models.DrillCheck, error) {
	return k.fetch(ctx, files, objectKey(m.ID), reads, Sum{m.SizeBytes, m.SHA256}, &Sum{m.PlainBytes, m.PlainSHA256}, to)
}

func asStored(object io.Reader) io.Reader { return object }

// fetch compares content only where that is known.
func (k RecoveryKey) fetch(
	ctx context.Context, files *blob.Store, key blob.Key, reads func(io.Reader) io.Reader, want Sum, content *Sum, to io.Writer,
) ([]models.DrillCheck, error) {
	body, _, err := files.Get(ctx, key)
	if models.ErrorCode(err) == models.CodeNotFound {
		return []models.DrillCheck{{Name: CheckObject, Verdict: models.DrillFail, Detail: "The object " + key.String() + " is missing."}}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }()
	stored := newCounter()
	through := io.TeeReader(reads(body), stored)
	plain, opening := k.Open(through, to)
	if _, err := io.Copy(io.Discard, through); err != nil { // the hash of the whole, also behind a fault
		return nil, err
	}
	checks := []models.DrillCheck{compare(CheckObject, stored.sum(), want)}
	if checks[0].Verdict != models.DrillPass {
		return checks, nil
	}
	switch {
	case opening == nil:
		checks = append(checks, models.DrillCheck{Name: CheckDecrypt, Verdict: models.DrillPass, Detail: "Opened to its end for " + k.Recipient() + "."})
		if content != nil {
			checks = append(checks, compare(CheckContent, plain, *content))
		}
	case isFault(opening):
		checks = append(checks, models.DrillCheck{Name: CheckDecrypt, Verdict: models.DrillFail, Detail: opening.Error()})
	default:
		return nil, opening
	}
	return checks, nil
}

func compare(name string, is, want Sum) models.DrillCheck {
	c := models.DrillCheck{Name: name, Verdict: models.DrillPass, Detail: fmt.Sprintf("%d bytes, SHA-256 %s.", is.Bytes, is.SHA256)}
	switch {
	case is.Bytes != want.Bytes:
		c.Verdict, c.Detail = models.DrillFail, fmt.Sprintf("It has %d bytes, the manifest says %d.", is.Bytes, want.Bytes)
	case is.SHA256 != want.SHA256:
		c.Verdict, c.Detail = models.DrillFail, fmt.Sprintf("Its SHA-256 is %s, the manifest says %s.", is.SHA256, want.SHA256)
	}
	return c
}
