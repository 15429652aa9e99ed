package models_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func excavators() models.ImportMapping {
	return models.ImportMapping{
		Columns: map[string]string{
			"id": "import_key", "Asset": "asset", "OriginalShorttext": "title", "PMType": "type", "Cost": "cost",
			"BscStartDate": "closed_on", "RunningTime": "reading",
		},
		Constants: map[string]string{"cost_kind": "services"},
		Values:    map[string]map[string]string{"type": {"PM01": "corrective", "PM02": "preventive"}},
		Prefixes:  map[string]string{"import_key": "excavators-", "asset": "EX-"},
		Meter:     &models.ImportMeter{Name: "Running time", Unit: "h"},
	}
}

var excavatorHeader = []string{"BscStartDate", "Asset", "OriginalShorttext", "PMType", "Cost", "RunningTime", "id"}

func TestImportCellOfWhatCannotBeSeenIsEmpty(t *testing.T) {
	t.Parallel()
	r, err := models.NewImportReader(models.ImportSuppliers, models.ImportMapping{}, []string{"code", "name"}, "EUR")
	require.NoError(t, err)
	_, faults := r.Row(2, []string{"ACME", " \u200b\ufeff\u2060"})
	require.Len(t, faults, 1)
	require.Equal(t, []string{"name", "required"}, []string{faults[0].Column, faults[0].Code})
	row, faults := r.Row(3, []string{"SKF", "\u200bB\u00e4ren\u200d\u00a0& Co\ufeff"})
	require.Empty(t, faults)
	require.Equal(t, "B\u00e4ren\u200d\u00a0& Co", row.Values["name"], "what stands inside stays")
}

func TestImportRowInTheProductsTerms(t *testing.T) {
	t.Parallel()
	r, err := models.NewImportReader(models.ImportWorkOrders, excavators(), excavatorHeader, "AUD")
	require.NoError(t, err)
	row, faults := r.Row(2, []string{"2004-07-01", "A", "BUCKET WON'T OPEN", "PM01", "-183.05", "262.0", "0"})
	require.Empty(t, faults)
	require.Equal(t, models.ImportRow{Line: 2, Values: map[string]string{
		"import_key": "excavators-0", "asset": "EX-A", "title": "BUCKET WON'T OPEN", "type": "corrective", "priority": "medium",
		"status": "closed", "closed_on": "2004-07-01", "cost": "-183.05", "cost_kind": "services", "reading": "262",
	}}, row)
	_, faults = r.Row(3, []string{"2004-07-01", "A", "Again", "PM02", "0", "", "0"})
	require.Equal(t, []models.RowFault{{Line: 3, Column: "id", Code: "duplicate", Detail: "Line 2 of the file has the same key."}}, faults)
}

func TestImportRowNamesEveryFault(t *testing.T) {
	t.Parallel()
	r, err := models.NewImportReader(models.ImportWorkOrders, excavators(), excavatorHeader, "AUD")
	require.NoError(t, err)
	_, faults := r.Row(9, []string{"2004-02-30", "", " ", "PM99", "1.005", "1e3", "7"})
	codes := map[string]string{}
	for _, f := range faults {
		require.Equal(t, 9, f.Line)
		require.NotEmpty(t, f.Detail)
		codes[f.Column] = f.Code
	}
	require.Equal(t, map[string]string{
		"BscStartDate": "date", "Asset": "required", "OriginalShorttext": "required", "PMType": "enum", "Cost": "decimal",
		"RunningTime": "decimal",
	}, codes)
}

func TestImportRowReadsDatesDecimalsAndMoments(t *testing.T) {
	t.Parallel()
	m := models.ImportMapping{DateFormat: "DD.MM.YYYY hh:mm", DecimalComma: true}
	r, err := models.NewImportReader(models.ImportMeterReadings, m, []string{"asset", "meter", "value", "read_at"}, "EUR")
	require.NoError(t, err)
	row, faults := r.Row(2, []string{"P-1", "Hours", "-12,5", "31.12.2025 23:30"})
	require.Empty(t, faults)
	require.Equal(t, "-12.5", row.Values["value"])
	require.Equal(t, "2025-12-31T23:30:00", row.Values["read_at"])
	row, faults = r.Row(3, []string{"P-1", "Hours", "1", "2025-12-31T23:30:00+02:00"})
	require.Empty(t, faults)
	require.Equal(t, "2025-12-31T21:30:00Z", row.Values["read_at"])
	_, faults = r.Row(4, []string{"P-1", "Hours", "12.345,6", "12/31/2025"})
	require.Len(t, faults, 2)
}

func TestImportRowsOfOtherKinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind   models.ImportKind
		header []string
		fields []string
		column string
	}{
		"a plant alone":        {models.ImportLocations, []string{"code", "name", "kind", "time_zone"}, []string{"X", "X", "plant", "UTC"}, "parent"},
		"a site without zone":  {models.ImportLocations, []string{"code", "name", "kind", "time_zone"}, []string{"X", "X", "site", ""}, "time_zone"},
		"an unknown zone":      {models.ImportLocations, []string{"code", "name", "kind", "time_zone"}, []string{"X", "X", "site", "Mars"}, "time_zone"},
		"its own parent":       {models.ImportLocations, []string{"code", "name", "kind", "parent"}, []string{"X", "X", "area", "X"}, "parent"},
		"a negative price":     {models.ImportAssets, []string{"code", "name", "category", "location", "purchase_price"}, []string{"X", "X", "C", "L", "-1"}, "purchase_price"},
		"a gauge rolling over": {models.ImportMeters, []string{"asset", "name", "unit", "kind", "rollover_at"}, []string{"A", "N", "h", "gauge", "9"}, "rollover_at"},
		"an operator's role":   {models.ImportUsers, []string{"email", "name", "roles"}, []string{"a@b.example", "A", "planner platform_operator"}, "roles"},
		"no address":           {models.ImportUsers, []string{"email", "name", "roles"}, []string{"Ada <a@b.example>", "A", "planner"}, "email"},
		"a long code":          {models.ImportAssets, []string{"code", "name", "category", "location"}, []string{string(make([]byte, 65)), "X", "C", "L"}, "code"},
	} {
		r, err := models.NewImportReader(c.kind, models.ImportMapping{}, c.header, "EUR")
		require.NoError(t, err, name)
		_, faults := r.Row(2, c.fields)
		require.Len(t, faults, 1, name)
		require.Equal(t, c.column, faults[0].Column, name)
	}
}

func TestImportMappingAtFaultNamesTheField(t *testing.T) {
	t.Parallel()
	for pointer, m := range map[string]models.ImportMapping{
		"/mapping/columns/id":          {Columns: map[string]string{"id": "colour"}},
		"/mapping/constants/colour":    {Constants: map[string]string{"colour": "red"}},
		"/mapping/values/colour":       {Values: map[string]map[string]string{"colour": {}}},
		"/mapping/prefixes/colour":     {Prefixes: map[string]string{"colour": "x"}},
		"/mapping/delimiter":           {Delimiter: "|"},
		"/mapping/date_format":         {DateFormat: "YYYY-MM"},
		"/mapping/meter":               {Meter: &models.ImportMeter{Name: "Hours"}},
		"/mapping/columns":             {Columns: map[string]string{"id": "import_key"}},
		"/mapping/columns/Asset~1Code": {Columns: map[string]string{"Asset/Code": "nothing"}},
	} {
		err := models.AsError(m.Validate(models.ImportWorkOrders))
		require.NotNil(t, err, pointer)
		require.Contains(t, pointersOf(err), pointer)
	}
	missing := models.AsError(excavatorsWithout(t, "Cost"))
	require.Equal(t, []string{"/mapping/columns/Cost"}, pointersOf(missing))
	require.NotNil(t, models.AsError(models.ImportMapping{}.Validate("potatoes")))
}

func TestImportOfCustomFields(t *testing.T) {
	t.Parallel()
	m := models.ImportMapping{
		Columns:   map[string]string{"Tag": "code", "Name": "name", "Group": "category", "Place": "location", "Power": "fields.kw", "Oil": "fields.oil"},
		Constants: map[string]string{"fields.maker": "KSB", "template": "T"}, Values: map[string]map[string]string{"fields.oil": {"-": ""}},
	}
	require.NoError(t, m.Validate(models.ImportAssets))
	reader, err := models.NewImportReader(models.ImportAssets, m, []string{"Tag", "Name", "Group", "Place", "Power", "Oil"}, "EUR")
	require.NoError(t, err)
	row, faults := reader.Row(2, []string{"P-1", "Pump", "PUMP", "AREA", "12,5", "-"})
	require.Empty(t, faults)
	require.Equal(t, map[string]string{
		"code": "P-1", "name": "Pump", "category": "PUMP", "location": "AREA", "template": "T", "fields.kw": "12,5", "fields.maker": "KSB",
	}, row.Values)
	require.Equal(t, "Power", reader.Column("fields.kw"))

	var known models.CustomFields
	require.NoError(t, json.Unmarshal([]byte(`{"properties":{"kw":{"type":["integer","number"]},"on":{"type":"boolean"},"list":{"type":"array"}},
		"required":["kw","rated"]}`), &known))
	known.DecimalComma = true
	merged := func(values map[string]string, has string) (string, []models.RowFault) {
		text, faults, err := known.Merge(models.ImportRow{Line: 2, Values: values}, json.RawMessage(has), reader.Column)
		require.NoError(t, err)
		return string(text), faults
	}
	text, faults := merged(map[string]string{"code": "x", "fields.kw": "12,5", "fields.on": "true", "fields.list": "[1]", "fields.free": "7"}, `{"rated": 1.50, "kw": 3}`)
	require.Empty(t, faults)
	require.JSONEq(t, `{"kw": 12.5, "on": true, "list": [1], "free": "7", "rated": 1.50}`, text)
	_, faults = merged(map[string]string{"fields.kw": "much", "fields.on": "yes"}, "")
	require.Equal(t, []string{"Power type", "fields.on type"}, []string{faults[0].Column + " " + faults[0].Code, faults[1].Column + " " + faults[1].Code})
	_, faults = merged(map[string]string{"fields.kw": "1"}, "")
	require.Equal(t, []models.RowFault{{Line: 2, Column: "fields.rated", Code: "required", Detail: "Assets of this template need the field rated."}}, faults)
	require.Equal(t, []string{"fields.oil/x", "fields"}, []string{models.FaultColumn("/fields/oil~1x/grade"), models.FaultColumn("/fields")})

	for _, kind := range []models.ImportKind{models.ImportAssets, models.ImportMeters} {
		bad := models.ImportMapping{Constants: map[string]string{"fields.": "x"}}
		require.Error(t, bad.Validate(kind))
	}
	require.Error(t, models.ImportMapping{Constants: map[string]string{"fields.kw": "x"}}.Validate(models.ImportMeters))
}

func excavatorsWithout(t *testing.T, column string) error {
	t.Helper()
	var header []string
	for _, name := range excavatorHeader {
		if name != column {
			header = append(header, name)
		}
	}
	_, err := models.NewImportReader(models.ImportWorkOrders, excavators(), header, "AUD")
	return err
}

func pointersOf(err *models.Error) []string {
	var pointers []string
	for _, f := range err.Fields {
		pointers = append(pointers, f.Pointer)
	}
	return pointers
}

func TestImportStatusAllowsWhatItsTableSays(t *testing.T) {
	t.Parallel()
	require.NoError(t, models.ImportValidated.Check("commit"))
	require.NoError(t, models.ImportRunning.Check("cancel"))
	err := models.AsError(models.ImportCompleted.Check("commit"))
	require.Equal(t, models.CodeConflict, err.Code)
	require.Equal(t, []string{}, err.AllowedCommands)
	for _, kind := range models.ImportKinds() {
		require.True(t, kind.Permission().Valid(), kind)
		require.NotEmpty(t, models.ImportFieldNames(kind), kind)
	}
}
