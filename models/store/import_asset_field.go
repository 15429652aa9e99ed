package store

import (
	"encoding/json"

	"mainstay/models"
)

// rowTemplate is the template that judges a row's custom fields, and the fields that the asset has.
type rowTemplate struct {
	Line    int
	Known   bool // the asset is there
	Fields  json.RawMessage
	Schema  json.RawMessage
	Changes bool // the row names a template
}

const selectRowTemplates = `SELECT r.line, a.id IS NOT NULL AS known, a.fields, t.fields AS schema, r.template IS NOT NULL AS changes
	FROM jsonb_to_recordset($2::jsonb) AS r(line int, code text, template text)
	LEFT JOIN assets a ON a.tenant_id = $1 AND a.code = r.code
	LEFT JOIN asset_templates t ON t.tenant_id = $1 AND CASE WHEN r.template IS NULL THEN t.id = a.template_id ELSE t.code = r.template END`

// settleFields finds what the custom fields of assets will be and judges them by the templates' schemas, as an edit of the asset
// would. A row that touches neither fields nor template of an asset that is there leaves them alone.
func (r *importRun) settleFields(rows []models.ImportRow, document string) ([]models.RowFault, error) {
	if r.kind != models.ImportAssets {
		return nil, nil
	}
	found, err := txRead[rowTemplate](r.tx, selectRowTemplates, r.tx.Actor.TenantID, document)
	if err != nil {
		return nil, err
	}
	templates := make(map[int]rowTemplate, len(found))
	for _, t := range found {
		templates[t.Line] = t
	}
	r.fields = map[int]json.RawMessage{}
	var faults []models.RowFault
	for _, row := range rows {
		t := templates[row.Line]
		if !hasCustomFields(row) && (t.Known && !t.Changes || len(t.Schema) == 0) {
			continue
		}
		wrong, err := r.settleRow(row, t)
		if err != nil {
			return nil, err
		}
		faults = append(faults, wrong...)
	}
	return faults, nil
}

func (r *importRun) settleRow(row models.ImportRow, t rowTemplate) ([]models.RowFault, error) {
	var known models.CustomFields
	if len(t.Schema) > 0 {
		if err := json.Unmarshal(t.Schema, &known); err != nil {
			known = models.CustomFields{} // an unusual schema: it still judges, but types nothing
		}
	}
	known.DecimalComma = r.mapping.DecimalComma
	fields, faults, err := known.Merge(row, t.Fields, r.reader.Column)
	if err != nil || len(faults) > 0 {
		return faults, err
	}
	r.fields[row.Line] = fields
	if len(t.Schema) == 0 {
		return nil, nil
	}
	err = r.check(t.Schema, fields)
	wrong := models.AsError(err)
	if wrong == nil {
		return nil, err
	}
	for _, f := range wrong.Fields {
		faults = append(faults, models.RowFault{Line: row.Line, Column: r.reader.Column(models.FaultColumn(f.Pointer)), Code: f.Code, Detail: f.Detail})
	}
	return faults, nil
}

func hasCustomFields(row models.ImportRow) bool {
	for field := range row.Values {
		if models.IsCustomField(models.ImportAssets, field) {
			return true
		}
	}
	return false
}
