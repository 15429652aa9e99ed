package activities

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"

	"mainstay/internal/blob"
	"mainstay/internal/sheet"
	"mainstay/models"
	"mainstay/models/store"
)

// LoadExport reads where the export stands and notes that its process runs.
func (e *Exchange) LoadExport(ctx context.Context, in ProcessInput) (ProcessState, error) {
	x, err := e.Store.LoadExport(in.context(ctx), in.ID)
	if err != nil || x == nil {
		return ProcessState{}, failed(err)
	}
	return ProcessState{Exists: true, Status: string(x.Status), Over: x.Status != models.ExportRunning, Action: "write"}, nil
}

// CancelExport ends a running export; one that is at its end is left alone.
func (e *Exchange) CancelExport(ctx context.Context, in ProcessInput) error {
	_, err := e.Store.EndExport(in.context(ctx), in.ID, models.ExportCancelled, 0, "", "")
	return failed(err)
}

const exportPage = 1_000

// RunExport streams the list into a file and ends the export. A run that is broken off begins the same file anew.
func (e *Exchange) RunExport(ctx context.Context, in ActionInput) error {
	scoped := in.context(ctx)
	x, err := e.Store.Export(scoped, in.ID)
	if err != nil || x.Status != models.ExportRunning {
		return failed(err)
	}
	key := blob.Key{Tenant: x.TenantID, Kind: blob.Exports, ID: x.ID}
	reader, writer := io.Pipe()
	rows := make(chan int, 1)
	go func() {
		n, err := e.writeExport(scoped, x, writer)
		rows <- n
		writer.CloseWithError(err)
	}()
	_, err = e.Blob.Put(scoped, key, reader, blob.Content{Size: blob.Unknown, Type: x.Format.ContentType()})
	reader.CloseWithError(err) // the writer must not wait for a reader that is gone
	written := <-rows
	if errors.Is(err, errCancelled) {
		return nil
	}
	if known := models.AsError(err); known != nil && known.Code == models.CodeInvalid {
		_, err = e.Store.EndExport(scoped, x.ID, models.ExportFailed, written, "", failureText(known))
		return failed(err)
	}
	if err != nil {
		return failed(err)
	}
	_, err = e.Store.EndExport(scoped, x.ID, models.ExportCompleted, written, key.String(), "")
	return failed(err)
}

// table takes rows in one of the formats.
type table interface {
	Write(fields []string) error
	Close() error
}

func (e *Exchange) writeExport(ctx context.Context, x models.Export, to io.Writer) (int, error) {
	var filter models.ExportFilter
	if err := json.Unmarshal(x.Filter, &filter); err != nil {
		return 0, err
	}
	out, err := newTable(x.Format, to)
	if err != nil {
		return 0, err
	}
	if err := out.Write(store.ExportColumns(x.Kind)); err != nil {
		return 0, err
	}
	owner := models.WithActor(ctx, models.Actor{TenantID: x.TenantID, UserID: x.ActorID, Kind: x.ActorKind, LocationIDs: x.LocationIDs})
	written := 0
	var after uuid.UUID
	for {
		page, err := e.Store.ExportRows(owner, x.Kind, filter, after, exportPage)
		if err != nil {
			return written, err
		}
		for _, row := range page {
			if err := out.Write(row.Cells); err != nil {
				return written, err
			}
			written++
		}
		activity.RecordHeartbeat(ctx, written)
		running, err := e.Store.ExportProgress(ctx, x.ID, written)
		if err != nil {
			return written, err
		}
		if !running {
			return written, errCancelled
		}
		if len(page) < exportPage {
			return written, out.Close()
		}
		after = page[len(page)-1].ID
	}
}

func newTable(format models.ExportFormat, to io.Writer) (table, error) {
	if format == models.ExportXLSX {
		return sheet.NewXLSXWriter(to)
	}
	return sheet.NewCSVWriter(to), nil
}
