package store

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"path"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"mainstay/models"
)

// ImportChunk is a run of records of a file.
type ImportChunk struct {
	Phase  models.ImportStatus // validating or running
	From   int                 // records before it
	Count  int                 // records in it
	Rows   []models.ImportRow  // those that could be read, in the order of the file
	Faults []models.RowFault   // of the others
	Reader *models.ImportReader
	Check  CheckFields // of assets' custom fields; needed by imports of assets
}

// RunImportChunk checks a chunk and, in the running phase, writes its rows: one transaction that also advances RowsDone, so a
// chunk counts once whatever breaks off. A row that fails is a fault of its own and takes no other with it. false means that
// the import is in another phase, or cancelled: stop.
func (s *Store) RunImportChunk(ctx context.Context, id uuid.UUID, c ImportChunk) (bool, error) {
	goOn := false
	err := s.InTx(ctx, func(tx *Tx) error {
		i, err := tx.lockImport(id)
		if err != nil {
			return err
		}
		goOn = i.Status == c.Phase
		if !goOn || i.RowsDone != c.From {
			return nil
		}
		// The rows are their owner's doing: the audit names that person, and the scope binds.
		tx.Actor.UserID, tx.Actor.Kind, tx.Actor.LocationIDs = i.ActorID, i.ActorKind, i.LocationIDs
		outcome, err := tx.importRows(i, c)
		if err != nil {
			return err
		}
		faults := append(slices.Clone(c.Faults), outcome.faults...)
		slices.SortStableFunc(faults, func(a, b models.RowFault) int { return a.Line - b.Line })
		if err := tx.keepFaults(i, faults); err != nil {
			return err
		}
		i.RowsDone += c.Count
		i.RowsTotal = max(i.RowsTotal, i.RowsDone)
		i.RowsFailed += c.Count - outcome.ok
		i.RowsOK += outcome.ok
		i.RowsChanged += outcome.changed
		i.UpdatedAt, i.NextActionAt = tx.Now, &tx.Now
		return tx.saveImport(i)
	})
	return goOn, err
}

type importOutcome struct {
	ok, changed int
	faults      []models.RowFault
}

func (tx *Tx) keepFaults(i models.Import, faults []models.RowFault) error {
	room := models.ImportMaxFaults - i.RowsFailed
	if room <= 0 || len(faults) == 0 {
		return nil
	}
	text, err := json.Marshal(faults[:min(room, len(faults))])
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO import_faults (tenant_id, import_id, line, column_name, code, detail)
		SELECT $1, $2, f."row", f."column", f.code, f.detail
		FROM jsonb_to_recordset($3) AS f("row" int, "column" text, code text, detail text)`, i.TenantID, i.ID, string(text))
	return err
}

// importRows goes through the rows in layers: a parent in the same chunk comes before its children.
func (tx *Tx) importRows(i models.Import, c ImportChunk) (importOutcome, error) {
	var all importOutcome
	mapping, err := i.Parsed()
	if err != nil {
		return all, err
	}
	run := &importRun{tx: tx, table: importTables[i.Kind], kind: i.Kind, mapping: mapping, reader: c.Reader, check: c.Check, dry: c.Phase == models.ImportValidating}
	if err := run.lockTree(); err != nil {
		return all, err
	}
	for _, layer := range layers(c.Rows) {
		out, err := run.layer(layer)
		if err != nil {
			return all, err
		}
		all.ok += out.ok
		all.changed += out.changed
		all.faults = append(all.faults, out.faults...)
	}
	return all, nil
}

// lockTree keeps others from moving what the rows hang below.
func (r *importRun) lockTree() error {
	switch {
	case r.dry:
	case r.kind == models.ImportLocations:
		return growTree[models.Location](r.tx)
	case r.kind == models.ImportAssets:
		return growTree[models.Asset](r.tx)
	}
	return nil
}

// layers groups rows by how many of their ancestors stand before them in the same chunk.
func layers(rows []models.ImportRow) [][]models.ImportRow {
	depth := map[string]int{}
	var out [][]models.ImportRow
	for _, row := range rows {
		d := 0
		if above, ok := depth[row.Values["parent"]]; ok && row.Values["parent"] != "" {
			d = above + 1
		}
		if code := row.Values["code"]; code != "" {
			depth[code] = d
		}
		for len(out) <= d {
			out = append(out, nil)
		}
		out[d] = append(out[d], row)
	}
	return out
}

// importRun is one chunk's way through the tables.
type importRun struct {
	tx      *Tx
	table   importTable
	kind    models.ImportKind
	mapping models.ImportMapping
	reader  *models.ImportReader
	check   CheckFields
	dry     bool
	fields  map[int]json.RawMessage // custom fields of an asset by line, as they will be
}

func (r *importRun) layer(rows []models.ImportRow) (importOutcome, error) {
	var out importOutcome
	faults, err := r.checkRows(rows)
	if err != nil {
		return out, err
	}
	bad := map[int]bool{}
	for _, f := range faults {
		bad[f.Line] = true
		out.faults = append(out.faults, f)
	}
	good := make([]models.ImportRow, 0, len(rows))
	for _, row := range rows {
		if !bad[row.Line] {
			good = append(good, row)
		}
	}
	if r.dry {
		out.ok = len(good)
		return out, nil
	}
	write := r.write
	if r.table.each != nil {
		write = r.writeEach
	}
	written, err := write(good)
	out.ok, out.changed = written.ok, written.changed
	out.faults = append(out.faults, written.faults...)
	return out, err
}

// checkRows finds the rows whose references are not there, or that would change what an import may not change.
func (r *importRun) checkRows(rows []models.ImportRow) ([]models.RowFault, error) {
	document, err := r.document(rows)
	if err != nil {
		return nil, err
	}
	found, err := txRead[models.RowFault](r.tx, r.table.checkSQL(), r.tx.Actor.TenantID, document, scopeOf(r.tx.Actor), r.meterName())
	if err != nil {
		return nil, err
	}
	faults := make([]models.RowFault, 0, len(found))
	for _, f := range found {
		if r.dry && f.Column == "parent" && f.Code == "not_found" && r.earlier(rows, f.Line) {
			continue
		}
		f.Column = r.reader.Column(f.Column)
		faults = append(faults, f)
	}
	wrong, err := r.settleFields(rows, document)
	return append(faults, wrong...), err
}

// earlier reports that the parent of the row in this line stands further up in the file: it will be there when the row is written.
func (r *importRun) earlier(rows []models.ImportRow, line int) bool {
	for _, row := range rows {
		if row.Line == line {
			return r.reader.Before(row.Values["parent"], line)
		}
	}
	return false
}

// write writes the rows in one go. Where one of them is refused by a constraint, halves are tried until it is found.
func (r *importRun) write(rows []models.ImportRow) (importOutcome, error) {
	if len(rows) == 0 {
		return importOutcome{}, nil
	}
	if _, err := r.tx.exec("SAVEPOINT import_rows"); err != nil {
		return importOutcome{}, err
	}
	changed, err := r.writeSet(rows)
	if err == nil {
		_, err = r.tx.exec("RELEASE SAVEPOINT import_rows")
		return importOutcome{ok: len(rows), changed: changed}, err
	}
	if !isRowFault(err) {
		return importOutcome{}, err
	}
	if _, back := r.tx.exec("ROLLBACK TO SAVEPOINT import_rows"); back != nil {
		return importOutcome{}, back
	}
	if len(rows) == 1 {
		return importOutcome{faults: []models.RowFault{r.faultOf(rows[0].Line, err)}}, nil
	}
	half := len(rows) / 2
	first, err := r.write(rows[:half])
	if err != nil {
		return first, err
	}
	second, err := r.write(rows[half:])
	return importOutcome{first.ok + second.ok, first.changed + second.changed, append(first.faults, second.faults...)}, err
}

// isRowFault tells a constraint or a value that the table refuses from a database in trouble.
func isRowFault(err error) bool {
	if known := models.AsError(err); known != nil {
		return !known.Code.Passing()
	}
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code[:2] == "22" || pg.Code[:2] == "23")
}

func (r *importRun) faultOf(line int, err error) models.RowFault {
	if e := models.AsError(translate(err)); e != nil && len(e.Fields) > 0 {
		f := e.Fields[0]
		return models.RowFault{Line: line, Column: r.reader.Column(trimID(path.Base(f.Pointer))), Code: f.Code, Detail: f.Detail}
	}
	if e := models.AsError(err); e != nil {
		return models.RowFault{Line: line, Code: string(e.Code), Detail: e.Detail}
	}
	return models.RowFault{Line: line, Code: "invalid", Detail: "The row breaks a rule of the table."}
}

// writeSet returns how many rows wrote something.
func (r *importRun) writeSet(rows []models.ImportRow) (int, error) {
	document, err := r.document(rows)
	if err != nil {
		return 0, err
	}
	if r.kind == models.ImportWorkOrders {
		if document, err = r.number(rows); err != nil {
			return 0, err
		}
	}
	changed := map[int]bool{}
	for _, statement := range r.table.writeSQL() {
		lines, err := txValues[int](r.tx, statement, r.tx.Actor.TenantID, document, r.tx.Now, r.tx.Actor.UserID, string(r.tx.Actor.Kind),
			r.meterName(), r.meterUnit())
		if err != nil {
			return 0, err
		}
		for _, line := range lines {
			changed[line] = true
		}
	}
	return len(changed), nil
}

// document is the rows as JSON, with the ids that their natural keys give them.
func (r *importRun) document(rows []models.ImportRow) (string, error) {
	return r.documentWith(rows, nil)
}

func (r *importRun) documentWith(rows []models.ImportRow, numbers map[string]string) (string, error) {
	out := make([]map[string]any, len(rows))
	for n, row := range rows {
		id := r.id(row)
		entry := map[string]any{
			"line": row.Line, "id": id, "audit_id": models.NewID(), "cost_id": models.DeriveID(id, "cost"), "extra_id": models.NewID(),
			"meter_audit_id": models.NewID(),
		}
		for name, value := range row.Values {
			entry[name] = value
		}
		if fields, ok := r.fields[row.Line]; ok {
			entry["fields"] = fields
		}
		if number, ok := numbers[row.Values["import_key"]]; ok {
			entry["number"] = number
		}
		out[n] = entry
	}
	text, err := json.Marshal(out)
	return string(text), err
}

// id is what a new row's natural key makes its id.
func (r *importRun) id(row models.ImportRow) uuid.UUID {
	return models.DeriveID(r.tx.Actor.TenantID, "import "+string(r.kind)+" "+r.reader.Key(row))
}

// number gives the work orders that are new their numbers, in the order of the file.
func (r *importRun) number(rows []models.ImportRow) (string, error) {
	keys := map[string]bool{}
	for _, row := range rows {
		keys[row.Values["import_key"]] = true
	}
	known, err := txValues[string](r.tx, `SELECT import_key FROM work_orders WHERE tenant_id = $1 AND import_key = ANY($2)`,
		r.tx.Actor.TenantID, slices.Collect(maps.Keys(keys)))
	if err != nil {
		return "", err
	}
	for _, key := range known {
		delete(keys, key)
	}
	numbers := map[string]string{}
	if len(keys) > 0 {
		given, err := r.tx.nextNumbers("WO", len(keys))
		if err != nil {
			return "", err
		}
		for _, row := range rows {
			if key := row.Values["import_key"]; keys[key] {
				numbers[key] = given[len(numbers)]
			}
		}
	}
	return r.documentWith(rows, numbers)
}

// meterName is the gauge of imported readings; empty where the mapping names none.
func (r *importRun) meterName() string {
	if r.mapping.Meter == nil {
		return ""
	}
	return r.mapping.Meter.Name
}

func (r *importRun) meterUnit() string {
	if r.mapping.Meter == nil {
		return ""
	}
	return r.mapping.Meter.Unit
}
