package models

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
)

// ExportKind names a list that can be exported.
type ExportKind string

// Kinds of exports. Those that can be imported have the same columns.
const (
	ExportAssets          ExportKind = "assets"
	ExportAssetCategories ExportKind = "asset-categories"
	ExportAssetTransfers  ExportKind = "asset-transfers"
	ExportAssetDisposals  ExportKind = "asset-disposals"
	ExportAuditEvents     ExportKind = "audit-events"
	ExportCostCenters     ExportKind = "cost-centers"
	ExportCosts           ExportKind = "costs" // of work orders, beside labor
	ExportDepartments     ExportKind = "departments"
	ExportDowntimes       ExportKind = "downtimes"
	ExportFailureCodes    ExportKind = "failure-codes"
	ExportJobPlans        ExportKind = "job-plans"
	ExportLabor           ExportKind = "labor"
	ExportLocations       ExportKind = "locations"
	ExportSchedules       ExportKind = "maintenance-schedules"
	ExportMeters          ExportKind = "meters"
	ExportMeterReadings   ExportKind = "meter-readings"
	ExportUsers           ExportKind = "users"
	ExportWorkOrders      ExportKind = "work-orders"
	ExportWorkRequests    ExportKind = "work-requests"

	ExportCatalogEntries   ExportKind = "catalog-entries"
	ExportGoodsReceipts    ExportKind = "goods-receipts" // one row a line
	ExportItems            ExportKind = "items"
	ExportPurchaseOrders   ExportKind = "purchase-orders" // one row a line
	ExportRequisitions     ExportKind = "requisitions"    // one row a line
	ExportStockMovements   ExportKind = "stock-movements"
	ExportSupplierInvoices ExportKind = "supplier-invoices" // one row a line
	ExportSuppliers        ExportKind = "suppliers"
)

var exportPermissions = map[ExportKind]Permission{
	ExportAssets: PermissionAssetsRead, ExportAssetCategories: PermissionAssetCategoriesRead, ExportAssetTransfers: PermissionAssetTransfersRead,
	ExportAssetDisposals: PermissionAssetDisposalsRead, ExportAuditEvents: PermissionAuditRead,
	ExportCostCenters: PermissionCostCentersRead, ExportCosts: PermissionCostsRead, ExportDepartments: PermissionDepartmentsRead,
	ExportDowntimes: PermissionAssetsRead, ExportFailureCodes: PermissionFailureCodesRead, ExportJobPlans: PermissionJobPlansRead,
	ExportLabor: PermissionCostsRead, ExportLocations: PermissionLocationsRead, ExportSchedules: PermissionMaintenanceSchedulesRead,
	ExportMeters: PermissionMetersRead, ExportMeterReadings: PermissionMetersRead, ExportUsers: PermissionUsersRead,
	ExportWorkOrders: PermissionWorkOrdersRead, ExportWorkRequests: PermissionWorkRequestsRead, ExportCatalogEntries: PermissionCatalogRead,
	ExportGoodsReceipts: PermissionPurchaseOrdersRead, ExportItems: PermissionCostsRead, ExportPurchaseOrders: PermissionPurchaseOrdersRead,
	ExportRequisitions: PermissionRequisitionsRead, ExportStockMovements: PermissionCostsRead, ExportSupplierInvoices: PermissionSupplierInvoicesRead,
	ExportSuppliers: PermissionSuppliersRead,
}

// ExportKinds lists every kind, sorted.
func ExportKinds() []ExportKind {
	kinds := make([]ExportKind, 0, len(exportPermissions))
	for kind := range exportPermissions {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// Permission is what a person needs beside exports.run; empty for an unknown kind.
func (k ExportKind) Permission() Permission { return exportPermissions[k] }

// ExportFormat is how an export is written.
type ExportFormat string

// Formats of exports.
const (
	ExportCSV  ExportFormat = "csv"
	ExportXLSX ExportFormat = "xlsx"
)

// ContentType is the format's MIME type.
func (f ExportFormat) ContentType() string {
	if f == ExportXLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// ExportStatus is where an export stands.
type ExportStatus string

// States of an export: running until it is at one of its ends.
const (
	ExportRunning   ExportStatus = "running"
	ExportCompleted ExportStatus = "completed"
	ExportFailed    ExportStatus = "failed"
	ExportCancelled ExportStatus = "cancelled"
)

// ExportFilter narrows the list: the values of a name are OR, names are AND.
type ExportFilter map[string][]string

// Export is one list on its way into a file.
type Export struct {
	TenantID         uuid.UUID
	ID               uuid.UUID
	Kind             ExportKind
	Format           ExportFormat
	Filter           json.RawMessage // an ExportFilter
	Status           ExportStatus
	ObjectKey        string // empty until it is completed
	RowsTotal        int    // written so far
	Failure          string
	ActorID          uuid.UUID
	ActorKind        ActorKind
	LocationIDs      []uuid.UUID // the actor's scope when it was created
	FinishedAt       *time.Time
	NextActionAt     *time.Time
	ProcessStartedAt *time.Time
	CreatedAt        time.Time
	UpdatedAt        time.Time
}
