package workflows

import (
	"github.com/google/uuid"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"

	"mainstay/models"
)

// The search attributes by which operators find processes. They are not encrypted: ids, words of a fixed list and dates.
var (
	attributeTenant   = temporal.NewSearchAttributeKeyKeyword("Tenant")
	attributeSite     = temporal.NewSearchAttributeKeyKeyword("Site")
	attributeAsset    = temporal.NewSearchAttributeKeyKeyword("AssetID")
	attributeSchedule = temporal.NewSearchAttributeKeyKeyword("MaintenanceScheduleID")
	attributePriority = temporal.NewSearchAttributeKeyKeyword("Priority")
	attributeDueAt    = temporal.NewSearchAttributeKeyTime("DueAt")
)

// SearchAttributes lists what `mainstay migrate` registers with Temporal.
func SearchAttributes() map[string]enums.IndexedValueType {
	return map[string]enums.IndexedValueType{
		attributeTenant.GetName():   enums.INDEXED_VALUE_TYPE_KEYWORD,
		attributeSite.GetName():     enums.INDEXED_VALUE_TYPE_KEYWORD,
		attributeAsset.GetName():    enums.INDEXED_VALUE_TYPE_KEYWORD,
		attributeSchedule.GetName(): enums.INDEXED_VALUE_TYPE_KEYWORD,
		attributePriority.GetName(): enums.INDEXED_VALUE_TYPE_KEYWORD,
		attributeDueAt.GetName():    enums.INDEXED_VALUE_TYPE_DATETIME,
	}
}

func searchAttributes(tenant uuid.UUID, a models.ProcessAttributes) temporal.SearchAttributes {
	set := []temporal.SearchAttributeUpdate{attributeTenant.ValueSet(tenant.String())}
	for _, of := range []struct { // in one order: a process that starts another calls this too
		key   temporal.SearchAttributeKeyKeyword
		value string
	}{
		{attributeSite, a.Site}, {attributeAsset, a.AssetID}, {attributeSchedule, a.MaintenanceScheduleID}, {attributePriority, a.Priority},
	} {
		if of.value != "" {
			set = append(set, of.key.ValueSet(of.value))
		}
	}
	if a.DueAt != nil {
		set = append(set, attributeDueAt.ValueSet(*a.DueAt))
	}
	return temporal.NewSearchAttributes(set...)
}
