package models

// SearchKind is a noun that a search finds.
type SearchKind string

// Kinds that a search finds, in the order in which they are shown.
const (
	SearchAsset               SearchKind = "asset"
	SearchLocation            SearchKind = "location"
	SearchWorkOrder           SearchKind = "work_order"
	SearchWorkRequest         SearchKind = "work_request"
	SearchMaintenanceSchedule SearchKind = "maintenance_schedule"
	SearchItem                SearchKind = "item"
	SearchSupplier            SearchKind = "supplier"
	SearchPurchaseOrder       SearchKind = "purchase_order"
	SearchRequisition         SearchKind = "requisition"
)

var searchPermissions = map[SearchKind]Permission{
	SearchAsset: PermissionAssetsRead, SearchLocation: PermissionLocationsRead, SearchWorkOrder: PermissionWorkOrdersRead,
	SearchWorkRequest: PermissionWorkRequestsRead, SearchMaintenanceSchedule: PermissionMaintenanceSchedulesRead,
	SearchItem: PermissionItemsRead, SearchSupplier: PermissionSuppliersRead,
	SearchPurchaseOrder: PermissionPurchaseOrdersRead, SearchRequisition: PermissionRequisitionsRead,
}

// SearchKinds lists every kind.
func SearchKinds() []SearchKind {
	return []SearchKind{
		SearchAsset, SearchLocation, SearchWorkOrder, SearchWorkRequest, SearchMaintenanceSchedule, SearchItem, SearchSupplier, SearchPurchaseOrder,
		SearchRequisition,
	}
}

// MayFind says whether the actor may read what the kind holds.
func (a Actor) MayFind(k SearchKind) bool {
	permission, ok := searchPermissions[k]
	return ok && a.Can(permission)
}
