package models

// importFieldType is how a field's text is read.
type importFieldType int

const (
	importText importFieldType = iota
	importCode
	importEnum
	importDecimal
	importDate
	importMoment
	importEmail
	importZone
	importWords // words of Values, separated by spaces, commas, semicolons or bars
)

// importField is a field that a column can be mapped to.
type importField struct {
	Name     string
	Type     importFieldType
	Required bool
	Default  string
	Values   []string
	Max      int // characters; 0 means 300
	Negative bool
}

// ImportFieldNames lists what columns of this kind can be mapped to, beside the custom fields of assets.
func ImportFieldNames(kind ImportKind) []string {
	names := []string{}
	for _, f := range importFields(kind) {
		names = append(names, f.Name)
	}
	return names
}

func importFields(kind ImportKind) []importField {
	code := importField{Name: "code", Type: importCode, Required: true, Max: maxCode}
	name := importField{Name: "name", Required: true}
	asset := importField{Name: "asset", Type: importCode, Required: true, Max: maxCode}
	description := importField{Name: "description", Max: 20_000}
	switch kind {
	case ImportLocations:
		return []importField{
			code, name,
			{Name: "parent", Type: importCode},
			{Name: "time_zone", Type: importZone},
			{Name: "kind", Type: importEnum, Required: true, Values: []string{
				"site", "plant", "building", "floor", "room", "area", "unit", "system", "line", "position", "storeroom", "bin", "receiving",
			}},
		}
	case ImportAssets:
		return []importField{
			code, name, description,
			{Name: "category", Type: importCode, Required: true},
			{Name: "template", Type: importCode},
			{Name: "location", Type: importCode, Required: true},
			{Name: "parent", Type: importCode},
			{Name: "department", Type: importCode},
			{Name: "cost_center", Type: importCode},
			{Name: "serial_number"},
			{Name: "barcode"},
			{Name: "manufacturer"},
			{Name: "model"},
			{Name: "criticality", Type: importEnum, Values: []string{"A", "B", "C"}},
			{Name: "lifecycle_state", Type: importEnum, Values: []string{
				"planned", "ordered", "received", "commissioning", "in_service", "decommissioned", "in_store", "disposed", "lost",
			}},
			{Name: "purchase_price", Type: importDecimal},
			{Name: "purchased_on", Type: importDate},
			{Name: "installed_on", Type: importDate},
			{Name: "warranty_until", Type: importDate},
		}
	case ImportMeters:
		return []importField{
			asset, name,
			{Name: "unit", Required: true, Max: 30},
			{Name: "rollover_at", Type: importDecimal},
			{Name: "kind", Type: importEnum, Required: true, Values: []string{"continuous", "gauge"}},
		}
	case ImportMeterReadings:
		return []importField{
			asset,
			{Name: "meter", Required: true},
			{Name: "value", Type: importDecimal, Required: true, Negative: true},
			{Name: "read_at", Type: importMoment, Required: true},
		}
	case ImportSchedules:
		return scheduleFields(asset)
	case ImportUsers:
		return []importField{
			{Name: "email", Type: importEmail, Required: true},
			name,
			{Name: "department", Type: importCode},
			{Name: "roles", Type: importWords, Required: true, Values: []string{
				"admin", "asset_manager", "planner", "technician", "requester", "storekeeper", "buyer", "approver", "auditor",
			}},
			{Name: "labor_rate", Type: importDecimal},
			{Name: "time_zone", Type: importZone},
		}
	case ImportWorkOrders:
		return workOrderFields(asset, description)
	case ImportSuppliers, ImportItems, ImportOpeningStock:
		return stockFields(kind, code, name, description)
	}
	return nil
}

func scheduleFields(asset importField) []importField {
	return []importField{
		{Name: "title", Required: true},
		asset,
		{Name: "rrule", Max: 1_000},
		{Name: "starts_on", Type: importDate},
		{Name: "meter"},
		{Name: "meter_every", Type: importDecimal},
		{Name: "shift_factor", Type: importDecimal},
		{Name: "tolerance_pct", Type: importDecimal},
		{Name: "lead_days", Type: importDecimal},
		{Name: "catch_up", Type: importEnum, Default: "one", Values: []string{"one", "all", "skip"}},
		{Name: "priority", Type: importEnum, Default: "medium", Values: []string{"low", "medium", "high", "critical"}},
		{Name: "last_completed_on", Type: importDate},
		{Name: "planned_hours", Type: importDecimal},
		{Name: "estimated_cost", Type: importDecimal},
	}
}

func stockFields(kind ImportKind, code, name, description importField) []importField {
	switch kind {
	case ImportSuppliers:
		return []importField{
			code, name,
			{Name: "email", Type: importEmail},
			{Name: "phone", Max: 64},
			{Name: "lead_days", Type: importDecimal},
			{Name: "receipt_tolerance_pct", Type: importDecimal},
			{Name: "price_tolerance_pct", Type: importDecimal},
		}
	case ImportItems:
		return []importField{
			code, name, description,
			{Name: "unit", Required: true, Max: maxCode},
			{Name: "barcode"},
			{Name: "costing", Type: importEnum, Values: []string{string(CostingMovingAverage), string(CostingFIFO)}},
			{Name: "tracking", Type: importEnum, Values: []string{string(TrackingNone), string(TrackingLot), string(TrackingSerial)}},
			{Name: "reorder_point", Type: importDecimal},
			{Name: "safety_stock", Type: importDecimal},
			{Name: "max_stock", Type: importDecimal},
			{Name: "supplier", Type: importCode},
			{Name: "lead_days", Type: importDecimal},
			{Name: "unit_cost", Type: importDecimal},
			{Name: "purchase_unit", Max: maxCode},
			{Name: "purchase_factor", Type: importDecimal},
			{Name: "issue_unit", Max: maxCode},
			{Name: "issue_factor", Type: importDecimal},
		}
	case ImportOpeningStock:
		return []importField{
			{Name: "item", Type: importCode, Required: true, Max: maxCode},
			{Name: "location", Type: importCode, Required: true, Max: maxCode},
			{Name: "quantity", Type: importDecimal, Required: true},
			{Name: "unit", Max: maxCode},
			{Name: "unit_cost", Type: importDecimal},
			{Name: "lot"},
			{Name: "serial"},
		}
	case ImportLocations, ImportAssets, ImportMeters, ImportMeterReadings, ImportSchedules, ImportUsers, ImportWorkOrders:
	}
	return nil
}

func workOrderFields(asset, description importField) []importField {
	return []importField{
		{Name: "import_key", Type: importCode, Required: true},
		asset,
		{Name: "title", Required: true},
		description,
		{Name: "type", Type: importEnum, Default: "corrective", Values: []string{"corrective", "preventive", "inspection", "improvement"}},
		{Name: "priority", Type: importEnum, Default: "medium", Values: []string{"low", "medium", "high", "critical"}},
		{Name: "status", Type: importEnum, Default: "closed", Values: []string{"closed", "cancelled"}},
		{Name: "created_on", Type: importDate},
		{Name: "closed_on", Type: importDate, Required: true},
		{Name: "resolution", Max: 20_000},
		{Name: "cost", Type: importDecimal, Negative: true},
		{Name: "cost_kind", Type: importEnum, Default: "services", Values: []string{"services", "other"}},
		{Name: "reading", Type: importDecimal, Negative: true},
	}
}

// importKey names the fields by which a row meets what is there.
func importKey(kind ImportKind) []string {
	switch kind {
	case ImportLocations, ImportAssets:
		return []string{"code"}
	case ImportMeters:
		return []string{"asset", "name"}
	case ImportMeterReadings:
		return []string{"asset", "meter", "read_at"}
	case ImportSchedules:
		return []string{"asset", "title"}
	case ImportUsers:
		return []string{"email"}
	case ImportWorkOrders:
		return []string{"import_key"}
	case ImportSuppliers, ImportItems:
		return []string{"code"}
	case ImportOpeningStock:
		return []string{"item", "location", "lot", "serial"}
	}
	return nil
}
