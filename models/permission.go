package models

import (
	"slices"
	"strings"
)

// Permission is one thing a person may do, written `<resource>.<action>`. Every API operation declares exactly one.
type Permission string

// The permissions of the product. Which role holds which is the table [grants] and nowhere else.
const (
	PermissionMeRead                      Permission = "me.read"
	PermissionMeWrite                     Permission = "me.write"
	PermissionAPITokensRead               Permission = "api_tokens.read"
	PermissionAPITokensWrite              Permission = "api_tokens.write"
	PermissionPeopleRead                  Permission = "people.read"
	PermissionNotificationsRead           Permission = "notifications.read"
	PermissionEventsRead                  Permission = "events.read"
	PermissionDashboardRead               Permission = "dashboard.read"
	PermissionSearchRead                  Permission = "search.read"
	PermissionTenantsRead                 Permission = "tenants.read"
	PermissionTenantsWrite                Permission = "tenants.write"
	PermissionTenantRead                  Permission = "tenant.read"
	PermissionTenantWrite                 Permission = "tenant.write"
	PermissionUsersRead                   Permission = "users.read"
	PermissionUsersWrite                  Permission = "users.write"
	PermissionAuditRead                   Permission = "audit.read"
	PermissionOperationsRead              Permission = "operations.read"
	PermissionBackupsRead                 Permission = "backups.read"
	PermissionBackupsRun                  Permission = "backups.run"
	PermissionLocationsRead               Permission = "locations.read"
	PermissionLocationsWrite              Permission = "locations.write"
	PermissionDepartmentsRead             Permission = "departments.read"
	PermissionDepartmentsWrite            Permission = "departments.write"
	PermissionCostCentersRead             Permission = "cost_centers.read"
	PermissionCostCentersWrite            Permission = "cost_centers.write"
	PermissionAssetCategoriesRead         Permission = "asset_categories.read"
	PermissionAssetCategoriesWrite        Permission = "asset_categories.write"
	PermissionAssetTemplatesRead          Permission = "asset_templates.read"
	PermissionAssetTemplatesWrite         Permission = "asset_templates.write"
	PermissionAssetsRead                  Permission = "assets.read"
	PermissionAssetsWrite                 Permission = "assets.write"
	PermissionAssetsMove                  Permission = "assets.move"
	PermissionAssetTransfersRead          Permission = "asset_transfers.read"
	PermissionAssetTransfersWrite         Permission = "asset_transfers.write"
	PermissionAssetDisposalsRead          Permission = "asset_disposals.read"
	PermissionAssetDisposalsWrite         Permission = "asset_disposals.write"
	PermissionDowntimesWrite              Permission = "downtimes.write"
	PermissionMetersRead                  Permission = "meters.read"
	PermissionMetersWrite                 Permission = "meters.write"
	PermissionMeterReadingsWrite          Permission = "meter_readings.write"
	PermissionAttachmentsRead             Permission = "attachments.read"
	PermissionAttachmentsWrite            Permission = "attachments.write"
	PermissionCostsRead                   Permission = "costs.read"
	PermissionCostsWrite                  Permission = "costs.write"
	PermissionJobPlansRead                Permission = "job_plans.read"
	PermissionJobPlansWrite               Permission = "job_plans.write"
	PermissionFailureCodesRead            Permission = "failure_codes.read"
	PermissionFailureCodesWrite           Permission = "failure_codes.write"
	PermissionMaintenanceSchedulesRead    Permission = "maintenance_schedules.read"
	PermissionMaintenanceSchedulesWrite   Permission = "maintenance_schedules.write"
	PermissionMaintenanceSchedulesCommand Permission = "maintenance_schedules.command"
	PermissionWorkOrdersRead              Permission = "work_orders.read"
	PermissionWorkOrdersCreate            Permission = "work_orders.create"
	PermissionWorkOrdersWrite             Permission = "work_orders.write"
	PermissionWorkOrdersComment           Permission = "work_orders.comment"
	PermissionWorkOrdersPlan              Permission = "work_orders.plan"
	PermissionWorkOrdersExecute           Permission = "work_orders.execute"
	PermissionWorkOrdersClose             Permission = "work_orders.close"
	PermissionWorkOrdersApprove           Permission = "work_orders.approve"
	PermissionWorkOrdersCancel            Permission = "work_orders.cancel"
	PermissionCrewLoadRead                Permission = "crew_load.read"
	PermissionWorkRequestsRead            Permission = "work_requests.read"
	PermissionWorkRequestsCreate          Permission = "work_requests.create"
	PermissionWorkRequestsTriage          Permission = "work_requests.triage"
	PermissionApprovalsRead               Permission = "approvals.read"
	PermissionApprovalsDecide             Permission = "approvals.decide"
	PermissionApprovalPoliciesRead        Permission = "approval_policies.read"
	PermissionApprovalPoliciesWrite       Permission = "approval_policies.write"
	PermissionDelegationsRead             Permission = "delegations.read"
	PermissionDelegationsWrite            Permission = "delegations.write"
	PermissionSuppliersRead               Permission = "suppliers.read"
	PermissionSuppliersWrite              Permission = "suppliers.write"
	PermissionItemsRead                   Permission = "items.read"
	PermissionItemsWrite                  Permission = "items.write"
	PermissionSparePartsRead              Permission = "spare_parts.read"
	PermissionSparePartsWrite             Permission = "spare_parts.write"
	PermissionStockMovementsRead          Permission = "stock_movements.read"
	PermissionStockMovementsWrite         Permission = "stock_movements.write"
	PermissionReservationsRead            Permission = "reservations.read"
	PermissionReservationsWrite           Permission = "reservations.write"
	PermissionCatalogRead                 Permission = "catalog.read"
	PermissionCatalogWrite                Permission = "catalog.write"
	PermissionExchangeRatesRead           Permission = "exchange_rates.read"
	PermissionExchangeRatesWrite          Permission = "exchange_rates.write"
	PermissionRequisitionsRead            Permission = "requisitions.read"
	PermissionRequisitionsCreate          Permission = "requisitions.create"
	PermissionRequisitionsDecide          Permission = "requisitions.decide"
	PermissionPurchaseOrdersRead          Permission = "purchase_orders.read"
	PermissionPurchaseOrdersWrite         Permission = "purchase_orders.write"
	PermissionPurchaseOrdersReceive       Permission = "purchase_orders.receive"
	PermissionSupplierInvoicesRead        Permission = "supplier_invoices.read"
	PermissionSupplierInvoicesWrite       Permission = "supplier_invoices.write"
	PermissionSupplierInvoicesRelease     Permission = "supplier_invoices.release"
	PermissionImportsRun                  Permission = "imports.run"
	PermissionExportsRun                  Permission = "exports.run"
)

// Role is a set of permissions a user holds in the tenant; a user may hold several and has what any of them grants.
type Role string

// The roles of the product.
const (
	RoleAdmin            Role = "admin"             // runs the tenant: users and every record of it
	RolePlatformOperator Role = "platform_operator" // runs the installation: creates tenants, watches processes
	RoleAssetManager     Role = "asset_manager"     // owns the register: assets, places, templates, costs
	RolePlanner          Role = "planner"           // plans maintenance: schedules, job plans, work orders
	RoleTechnician       Role = "technician"        // does the work
	RoleRequester        Role = "requester"         // reports what is broken
	RoleStorekeeper      Role = "storekeeper"       // keeps the storerooms
	RoleBuyer            Role = "buyer"             // buys parts and services
	RoleApprover         Role = "approver"          // decides what is put before them
	RoleAuditor          Role = "auditor"           // reads everything of the tenant, changes nothing of it
)

// roles fixes the order of the columns of the table and the bit of each role in a roleSet.
var roles = []Role{
	RoleAdmin, RolePlatformOperator, RoleAssetManager, RolePlanner, RoleTechnician,
	RoleRequester, RoleStorekeeper, RoleBuyer, RoleApprover, RoleAuditor,
}

// grant is one row of the permission matrix.
type grant struct {
	permission Permission
	allows     string
	roles      []Role
}

var (
	heldByAll    = roles
	heldByTenant = []Role{
		RoleAdmin, RoleAssetManager, RolePlanner, RoleTechnician, RoleRequester,
		RoleStorekeeper, RoleBuyer, RoleApprover, RoleAuditor,
	}
	heldByStaff = []Role{
		RoleAdmin, RoleAssetManager, RolePlanner, RoleTechnician,
		RoleStorekeeper, RoleBuyer, RoleApprover, RoleAuditor,
	}
	heldByOffice        = []Role{RoleAdmin, RoleAssetManager, RolePlanner, RoleStorekeeper, RoleBuyer, RoleApprover, RoleAuditor}
	heldByContributors  = []Role{RoleAdmin, RoleAssetManager, RolePlanner, RoleTechnician, RoleRequester, RoleStorekeeper, RoleBuyer}
	heldByMaintenance   = []Role{RoleAdmin, RoleAssetManager, RolePlanner, RoleTechnician}
	heldByPlanners      = []Role{RoleAdmin, RoleAssetManager, RolePlanner}
	heldByAssetManagers = []Role{RoleAdmin, RoleAssetManager}
	heldByStockkeepers  = []Role{RoleAdmin, RoleStorekeeper}
	heldByBuyers        = []Role{RoleAdmin, RoleStorekeeper, RoleBuyer}
	heldByDeciders      = []Role{RoleAdmin, RoleAssetManager, RolePlanner, RoleStorekeeper, RoleBuyer, RoleApprover}
	heldByPurchasers    = []Role{RoleAdmin, RoleBuyer}
	heldByOverseers     = []Role{RoleAdmin, RolePlatformOperator, RoleAuditor}
)

// grants is the permission matrix: what is not in it is denied. docs/permissions.md is this table rendered.
var grants = []grant{
	{PermissionMeRead, "Read one's own profile.", heldByAll},
	{PermissionMeWrite, "Change one's own password and profile.", heldByAll},
	{PermissionAPITokensRead, "List one's own API tokens.", heldByAll},
	{PermissionAPITokensWrite, "Create and revoke one's own API tokens, which never allow more than their owner may do.", heldByAll},
	{PermissionPeopleRead, "Look up colleagues by name.", heldByAll},
	{PermissionNotificationsRead, "Read one's own notifications and mark them read.", heldByAll},
	{PermissionEventsRead, "Follow the stream of changes to what one may read.", heldByAll},
	{PermissionDashboardRead, "Read the dashboard.", heldByTenant},
	{PermissionSearchRead, "Search, and look up a scanned code.", heldByTenant},

	{PermissionTenantsRead, "List the tenants of the installation.", []Role{RolePlatformOperator}},
	{PermissionTenantsWrite, "Create tenants with their first administrator.", []Role{RolePlatformOperator}},
	{PermissionTenantRead, "Read the settings of one's own tenant.", heldByAll},
	{PermissionTenantWrite, "Change the name, language, time zone and first day of the week of one's own tenant.", []Role{RoleAdmin}},
	{PermissionUsersRead, "Read users with their roles and scopes.", []Role{RoleAdmin, RoleAuditor}},
	{PermissionUsersWrite, "Create, change and disable users.", []Role{RoleAdmin}},
	{PermissionAuditRead, "Read the audit log.", []Role{RoleAdmin, RoleAuditor}},
	{PermissionOperationsRead, "See the process behind a record and follow it into the Temporal Web UI.", heldByOverseers},
	{PermissionBackupsRead, "Read the backups, restore drills, runs of retention and checks of the files of the installation.", []Role{RolePlatformOperator}},
	{PermissionBackupsRun, "Back up the installation, drill its restore, let old backups go, check the files and restore them.", []Role{RolePlatformOperator}},

	{PermissionLocationsRead, "Read locations.", heldByTenant},
	{PermissionLocationsWrite, "Create, change and archive locations.", heldByAssetManagers},
	{PermissionDepartmentsRead, "Read departments.", heldByTenant},
	{PermissionDepartmentsWrite, "Create, change and archive departments.", heldByAssetManagers},
	{PermissionCostCentersRead, "Read cost centers.", heldByTenant},
	{PermissionCostCentersWrite, "Create, change and archive cost centers.", heldByAssetManagers},
	{PermissionAssetCategoriesRead, "Read asset categories.", heldByTenant},
	{PermissionAssetCategoriesWrite, "Create, change and archive asset categories.", heldByAssetManagers},
	{PermissionAssetTemplatesRead, "Read asset templates.", heldByTenant},
	{PermissionAssetTemplatesWrite, "Create, change and archive asset templates.", heldByAssetManagers},
	{PermissionAssetsRead, "Read assets with their downtimes and moves.", heldByTenant},
	{PermissionAssetsWrite, "Create, change and archive assets.", heldByAssetManagers},
	{PermissionAssetsMove, "Move an asset to another place or parent.", heldByPlanners},
	{PermissionAssetTransfersRead, "Read transfers of assets.", heldByStaff},
	{PermissionAssetTransfersWrite, "Ask for an asset to be handed over to another place, department or cost center, and take that back.", heldByPlanners},
	{PermissionAssetDisposalsRead, "Read disposals of assets.", heldByOffice},
	{PermissionAssetDisposalsWrite, "Ask for an asset to be disposed of, and take that back.", heldByAssetManagers},
	{PermissionDowntimesWrite, "Record downtimes of an asset.", heldByMaintenance},
	{PermissionMetersRead, "Read meters and their readings.", heldByStaff},
	{PermissionMetersWrite, "Create, change and archive meters.", heldByPlanners},
	{PermissionMeterReadingsWrite, "Record meter readings.", heldByMaintenance},
	{PermissionAttachmentsRead, "Read files of records one may read.", heldByTenant},
	{PermissionAttachmentsWrite, "Add files to records one may read.", heldByContributors},
	{PermissionCostsRead, "Read the costs of assets and work orders.", heldByOffice},
	{PermissionCostsWrite, "Record costs of services and other costs on work orders.", heldByPlanners},

	{PermissionJobPlansRead, "Read job plans.", heldByStaff},
	{PermissionJobPlansWrite, "Create, change and archive job plans.", heldByPlanners},
	{PermissionFailureCodesRead, "Read failure codes.", heldByStaff},
	{PermissionFailureCodesWrite, "Create, change and archive failure codes.", heldByPlanners},
	{PermissionMaintenanceSchedulesRead, "Read maintenance schedules, their occurrences, forecasts and previews.", heldByStaff},
	{PermissionMaintenanceSchedulesWrite, "Create and edit maintenance schedules.", heldByPlanners},
	{PermissionMaintenanceSchedulesCommand, "Pause, resume and end schedules; generate, skip and move occurrences.", heldByPlanners},
	{PermissionWorkOrdersRead, "Read work orders with their labor and timeline.", heldByStaff},
	{PermissionWorkOrdersCreate, "Create work orders.", heldByMaintenance},
	{PermissionWorkOrdersWrite, "Change the description, priority and due date of work orders.", heldByPlanners},
	{PermissionWorkOrdersComment, "Comment on work orders.", []Role{
		RoleAdmin, RoleAssetManager, RolePlanner, RoleTechnician, RoleStorekeeper, RoleBuyer, RoleApprover,
	}},
	{PermissionWorkOrdersPlan, "Schedule and assign work orders; record labor in another person's name or at another rate.", heldByPlanners},
	{PermissionWorkOrdersExecute, "Start, hold, resume and complete work orders and record one's own labor.", heldByMaintenance},
	{PermissionWorkOrdersClose, "Close completed work orders and reopen them.", heldByPlanners},
	{PermissionWorkOrdersApprove, "Approve work orders that wait for approval.", []Role{RoleAdmin, RoleAssetManager, RoleApprover}},
	{PermissionWorkOrdersCancel, "Cancel work orders.", heldByPlanners},
	{PermissionCrewLoadRead, "Read how many hours of work are planned for whom, against the hours that they work.", []Role{
		RoleAdmin, RoleAssetManager, RolePlanner, RoleTechnician, RoleApprover, RoleAuditor,
	}},
	{PermissionWorkRequestsRead, "Read work requests.", heldByTenant},
	{PermissionWorkRequestsCreate, "Report a need for work.", heldByContributors},
	{PermissionWorkRequestsTriage, "Accept, reject and merge work requests.", heldByPlanners},
	{PermissionApprovalsRead, "Read the approvals one is asked for or has asked for; auditors and administrators read all.", heldByTenant},
	{PermissionApprovalsDecide, "Decide, or hand over, the approvals one is asked for.", heldByDeciders},
	{PermissionApprovalPoliciesRead, "Read approval policies and simulate them.", heldByOffice},
	{PermissionApprovalPoliciesWrite, "Create, change and archive approval policies.", []Role{RoleAdmin}},
	{PermissionDelegationsRead, "Read to whom one has handed over one's approvals; auditors and administrators read all.", heldByOffice},
	{PermissionDelegationsWrite, "Hand one's approvals to a colleague for a while.", heldByDeciders},
	{PermissionSuppliersRead, "Read suppliers.", heldByOffice},
	{PermissionSuppliersWrite, "Create, change and archive suppliers.", []Role{RoleAdmin, RoleBuyer}},
	{PermissionItemsRead, "Read items and where they lie.", heldByStaff},
	{PermissionItemsWrite, "Create, change and archive items.", heldByBuyers},
	{PermissionSparePartsRead, "Read which items belong into which assets.", heldByStaff},
	{PermissionSparePartsWrite, "Say which items belong into an asset or a template.", []Role{RoleAdmin, RoleAssetManager, RolePlanner, RoleStorekeeper}},
	{PermissionStockMovementsRead, "Read the stock ledger.", heldByStaff},
	{PermissionStockMovementsWrite, "Receive, issue, return, move, count and scrap stock, and reverse movements.", heldByStockkeepers},
	{PermissionReservationsRead, "Read reservations of stock.", heldByStaff},
	{PermissionReservationsWrite, "Reserve stock for work orders and release it.", []Role{
		RoleAdmin, RoleAssetManager, RolePlanner, RoleTechnician, RoleStorekeeper,
	}},
	{PermissionCatalogRead, "Read what suppliers ask for items.", heldByOffice},
	{PermissionCatalogWrite, "Write what suppliers ask for items.", heldByPurchasers},
	{PermissionExchangeRatesRead, "Read exchange rates.", heldByOffice},
	{PermissionExchangeRatesWrite, "Write exchange rates.", heldByPurchasers},
	{PermissionRequisitionsRead, "Read requisitions.", heldByStaff},
	{PermissionRequisitionsCreate, "Ask for something to be bought, and take that back.", []Role{
		RoleAdmin, RoleAssetManager, RolePlanner, RoleTechnician, RoleStorekeeper, RoleBuyer,
	}},
	{PermissionRequisitionsDecide, "Reject requisitions.", heldByPurchasers},
	{PermissionPurchaseOrdersRead, "Read purchase orders and what was received on them.", heldByOffice},
	{PermissionPurchaseOrdersWrite, "Write, submit, send, cancel and close purchase orders, and make them of requisitions.", heldByPurchasers},
	{PermissionPurchaseOrdersReceive, "Receive deliveries on purchase orders and send goods back.", heldByStockkeepers},
	{PermissionSupplierInvoicesRead, "Read suppliers' invoices and how they match.", heldByOffice},
	{PermissionSupplierInvoicesWrite, "Enter suppliers' invoices and void them.", heldByPurchasers},
	{PermissionSupplierInvoicesRelease, "Release blocked lines of invoices that another person entered.", []Role{
		RoleAdmin, RoleAssetManager, RoleApprover,
	}},
	{PermissionImportsRun, "Import files and follow the import.", []Role{
		RoleAdmin, RoleAssetManager, RolePlanner, RoleStorekeeper, RoleBuyer,
	}},
	{PermissionExportsRun, "Export lists one may read.", heldByOffice},
}

// roleSet has bit i set where it holds roles[i].
type roleSet uint16

var holders = func() map[Permission]roleSet {
	m := make(map[Permission]roleSet, len(grants))
	for _, g := range grants {
		m[g.permission] = newRoleSet(g.roles)
	}
	return m
}()

func newRoleSet(rs []Role) roleSet {
	var set roleSet
	for _, r := range rs {
		if i := slices.Index(roles, r); i >= 0 {
			set |= 1 << i
		}
	}
	return set
}

// Roles returns every role, in the order in which they are shown.
func Roles() []Role { return slices.Clone(roles) }

// Valid says whether r is a role of the product.
func (r Role) Valid() bool { return slices.Contains(roles, r) }

// Grant is a row of the permission matrix.
type Grant struct {
	Permission Permission
	Allows     string // in words
	Roles      []Role
}

// Grants returns the permission matrix, in the order in which it is shown.
func Grants() []Grant {
	all := make([]Grant, len(grants))
	for i, g := range grants {
		all[i] = Grant{Permission: g.permission, Allows: g.allows, Roles: slices.Clone(g.roles)}
	}
	return all
}

// Resource is the part before the point.
func (p Permission) Resource() string {
	resource, _, _ := strings.Cut(string(p), ".")
	return resource
}

// Permissions returns every permission, sorted.
func Permissions() []Permission {
	all := make([]Permission, len(grants))
	for i, g := range grants {
		all[i] = g.permission
	}
	slices.Sort(all)
	return all
}

// Valid says whether p is a permission of the product.
func (p Permission) Valid() bool {
	_, ok := holders[p]
	return ok
}

// RolesGrant says whether a holder of rs may do p. Unknown roles grant nothing and an unknown permission is granted to
// nobody.
func RolesGrant(rs []Role, p Permission) bool {
	return holders[p]&newRoleSet(rs) != 0
}

// PermissionsOf returns everything a holder of rs may do, sorted and without doubles; never nil.
func PermissionsOf(rs []Role) []Permission {
	set := newRoleSet(rs)
	held := []Permission{}
	for _, g := range grants {
		if holders[g.permission]&set != 0 {
			held = append(held, g.permission)
		}
	}
	slices.Sort(held)
	return held
}
