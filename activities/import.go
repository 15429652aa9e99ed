package activities

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"

	"mainstay/internal/blob"
	"mainstay/internal/jsonschema"
	"mainstay/internal/sheet"
	"mainstay/models"
	"mainstay/models/store"
)

// LoadImport reads where the import stands and notes that its process runs. Action is the phase to run; empty where nothing is
// to be done.
func (e *Exchange) LoadImport(ctx context.Context, in ProcessInput) (ProcessState, error) {
	i, err := e.Store.LoadImport(in.context(ctx), in.ID)
	if err != nil || i == nil {
		return ProcessState{}, failed(err)
	}
	state := ProcessState{Exists: true, Status: string(i.Status), Over: !i.Status.Working()}
	if !state.Over {
		state.Action = state.Status
	}
	return state, nil
}

// CancelImport ends the import; chunks already committed stay. One that is at its end is left alone.
func (e *Exchange) CancelImport(ctx context.Context, in ProcessInput) error {
	_, err := e.Store.CommandImport(in.context(ctx), in.ID, "cancel")
	if code := models.ErrorCode(err); code == models.CodeConflict || code == models.CodeNotFound {
		return nil
	}
	return failed(err)
}

// RunImport goes through the file's rows in chunks, from where an earlier try stood, and ends the phase. A file that cannot be
// read on fails the import, not the activity.
func (e *Exchange) RunImport(ctx context.Context, in ActionInput) error {
	scoped := in.context(ctx)
	i, err := e.Store.Import(scoped, in.ID)
	if err != nil {
		return failed(err)
	}
	if string(i.Status) != in.Action {
		return nil
	}
	if err := e.runImport(scoped, i); err != nil {
		if known := models.AsError(err); known != nil && known.Code == models.CodeInvalid {
			return failed(e.Store.FailImport(scoped, i.ID, failureText(known)))
		}
		return failed(err)
	}
	return nil
}

// failureText is the first fault: a file is refused for one reason at a time.
func failureText(err *models.Error) string {
	if len(err.Fields) > 0 {
		return err.Fields[0].Detail
	}
	return err.Detail
}

func (e *Exchange) runImport(ctx context.Context, i models.Import) error {
	if err := e.runChunks(ctx, i); err != nil {
		if errors.Is(err, errCancelled) {
			return nil
		}
		return err
	}
	key, err := e.writeFaults(ctx, i)
	if err != nil {
		return err
	}
	return e.Store.EndImportPhase(ctx, i.ID, i.Status, key)
}

var errCancelled = errors.New("cancelled")

// runChunks brings every row of the file to the store. It fails with errCancelled when the import was cancelled meanwhile.
func (e *Exchange) runChunks(ctx context.Context, i models.Import) error {
	latest, err := e.latestReadings(ctx, i)
	if err != nil {
		return err
	}
	chunks := importChunks{store: e.Store, of: i, next: store.ImportChunk{Phase: i.Status, Check: fieldsCheck()}}
	err = e.eachRow(ctx, i, func(reader *models.ImportReader, row models.ImportRow, faults []models.RowFault) error {
		if moment, ok := readingOf(row); ok && latest[moment] != row.Line {
			delete(row.Values, "reading")
		}
		return chunks.add(ctx, reader, row, faults)
	})
	if err != nil {
		return err
	}
	return chunks.send(ctx)
}

// importChunks gathers rows and sends them, so many at a time.
type importChunks struct {
	store *store.Store
	of    models.Import
	next  store.ImportChunk
}

func (c *importChunks) add(ctx context.Context, reader *models.ImportReader, row models.ImportRow, faults []models.RowFault) error {
	c.next.Reader = reader
	c.next.Count++
	if len(faults) > 0 {
		c.next.Faults = append(c.next.Faults, faults...)
	} else {
		c.next.Rows = append(c.next.Rows, row)
	}
	if c.next.Count < models.ImportChunk {
		return nil
	}
	return c.send(ctx)
}

// send commits what was gathered, unless an earlier try has.
func (c *importChunks) send(ctx context.Context) error {
	chunk := c.next
	c.next = store.ImportChunk{Phase: chunk.Phase, From: chunk.From + chunk.Count, Check: chunk.Check}
	if chunk.Count == 0 || chunk.From < c.of.RowsDone {
		return nil
	}
	activity.RecordHeartbeat(ctx, chunk.From)
	goOn, err := c.store.RunImportChunk(ctx, c.of.ID, chunk)
	if err == nil && !goOn {
		return errCancelled
	}
	return err
}

// fieldsCheck judges custom fields by the schemas of templates; each schema is read once.
func fieldsCheck() store.CheckFields {
	known := map[string]jsonschema.Schema{}
	return func(text, fields json.RawMessage) error {
		schema, ok := known[string(text)]
		if !ok {
			var err error
			if schema, err = jsonschema.Parse(text); err != nil {
				return err
			}
			known[string(text)] = schema
		}
		return schema.Validate("/fields", fields)
	}
}

// eachRow reads the file from its start: keys seen before count wherever a try begins.
func (e *Exchange) eachRow(ctx context.Context, i models.Import, use func(*models.ImportReader, models.ImportRow, []models.RowFault) error) error {
	file, _, err := e.Blob.Get(ctx, blob.Key{Tenant: i.TenantID, Kind: blob.Imports, ID: i.ID})
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	mapping, err := i.Parsed()
	if err != nil {
		return err
	}
	records, err := sheet.NewCSVReader(file, mapping.DelimiterByte())
	if err != nil {
		return err
	}
	currency, err := e.Store.TenantCurrency(ctx)
	if err != nil {
		return err
	}
	reader, err := models.NewImportReader(i.Kind, mapping, records.Header, currency)
	if err != nil {
		return err
	}
	for {
		record, err := records.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		row, faults := models.ImportRow{Line: record.Line}, []models.RowFault{{Line: record.Line, Code: "csv", Detail: record.Fault}}
		if record.Fault == "" {
			row, faults = reader.Row(record.Line, record.Fields)
		}
		if err := use(reader, row, faults); err != nil {
			return err
		}
	}
}

// readingMoment is where a work order's reading goes: one gauge shows one value at a time.
type readingMoment struct{ asset, on string }

func readingOf(row models.ImportRow) (readingMoment, bool) {
	return readingMoment{row.Values["asset"], row.Values["closed_on"]}, row.Values["reading"] != ""
}

// latestReadings finds the line of the last reading of each asset and day: of several the last counts, in every run alike.
func (e *Exchange) latestReadings(ctx context.Context, i models.Import) (map[readingMoment]int, error) {
	latest := map[readingMoment]int{}
	if i.Kind != models.ImportWorkOrders {
		return latest, nil
	}
	rows := 0
	return latest, e.eachRow(ctx, i, func(_ *models.ImportReader, row models.ImportRow, faults []models.RowFault) error {
		if moment, ok := readingOf(row); ok && len(faults) == 0 {
			latest[moment] = row.Line
		}
		if rows++; rows%models.ImportChunk == 0 {
			activity.RecordHeartbeat(ctx, rows)
		}
		return nil
	})
}

const faultsPage = 1_000

// writeFaults stores the phase's row errors as CSV and returns the file's key; empty where there are none, or where nobody
// will read them because the writing phase finds them again.
func (e *Exchange) writeFaults(ctx context.Context, i models.Import) (string, error) {
	page, err := e.Store.ImportFaults(ctx, i.ID, 0, faultsPage)
	if err != nil || len(page) == 0 || (i.Status == models.ImportValidating && !i.DryRun) {
		return "", err
	}
	key := FaultsKey(i.TenantID, i.ID, i.Status)
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(e.copyFaults(ctx, i.ID, page, writer)) }()
	_, err = e.Blob.Put(ctx, key, reader, blob.Content{Size: blob.Unknown, Type: "text/csv; charset=utf-8"})
	reader.CloseWithError(err) // the writer must not wait for a reader that is gone
	return key.String(), err
}

// FaultsKey names the file of row errors of a phase.
func FaultsKey(tenant, id uuid.UUID, phase models.ImportStatus) blob.Key {
	return blob.Key{Tenant: tenant, Kind: blob.ImportErrors, ID: models.DeriveID(id, string(phase))}
}

func (e *Exchange) copyFaults(ctx context.Context, id uuid.UUID, page []store.ImportFault, to io.Writer) error {
	out := sheet.NewCSVWriter(to)
	if err := out.Write([]string{"row", "column", "code", "detail"}); err != nil {
		return err
	}
	for len(page) > 0 {
		for _, f := range page {
			if err := out.Write([]string{strconv.Itoa(f.Line), f.Column, f.Code, f.Detail}); err != nil {
				return err
			}
		}
		var err error
		if page, err = e.Store.ImportFaults(ctx, id, page[len(page)-1].ID, faultsPage); err != nil {
			return err
		}
	}
	return out.Close()
}
