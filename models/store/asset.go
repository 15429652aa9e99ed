package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// AssetView is an asset as people read it: with the names of what it points to.
type AssetView struct {
	models.Asset
	AssetNames
	HasChildren bool
}

// AssetNames are the names beside an asset's ids.
type AssetNames struct {
	CategoryCode   string
	CategoryName   string
	LocationCode   string
	LocationName   string
	ParentCode     *string
	ParentName     *string
	TemplateCode   *string
	TemplateName   *string
	DepartmentCode *string
	DepartmentName *string
	CostCenterCode *string
	CostCenterName *string
}

var assetView = `SELECT ` + columns[models.Asset]("a") + `, c.code AS category_code, c.name AS category_name,
	l.code AS location_code, l.name AS location_name, p.code AS parent_code, p.name AS parent_name,
	t.code AS template_code, t.name AS template_name, d.code AS department_code, d.name AS department_name,
	k.code AS cost_center_code, k.name AS cost_center_name,
	EXISTS (SELECT FROM assets x WHERE x.tenant_id = $1 AND x.parent_id = a.id AND x.archived_at IS NULL) AS has_children
	FROM assets a
	JOIN asset_categories c ON c.tenant_id = $1 AND c.id = a.category_id
	JOIN locations l ON l.tenant_id = $1 AND l.id = a.location_id
	LEFT JOIN assets p ON p.tenant_id = $1 AND p.id = a.parent_id
	LEFT JOIN asset_templates t ON t.tenant_id = $1 AND t.id = a.template_id
	LEFT JOIN departments d ON d.tenant_id = $1 AND d.id = a.department_id
	LEFT JOIN cost_centers k ON k.tenant_id = $1 AND k.id = a.cost_center_id
	WHERE a.tenant_id = $1`

// assetByID is the query of one asset that the actor sees, and its arguments.
func assetByID(actor models.Actor, id uuid.UUID) (string, []any) {
	return within(actor, oneAsset, "a.location_id", actor.TenantID, id)
}

var oneAsset = assetView + ` AND a.id = $2`

// Asset reads one asset; CodeNotFound where the actor's tenant or locations do not have it.
func (s *Store) Asset(ctx context.Context, id uuid.UUID) (AssetView, error) {
	actor, _ := models.ActorFrom(ctx)
	query, args := assetByID(actor, id)
	return readOne[AssetView](ctx, s, "asset", query, args...)
}

// CheckFields judges an asset's custom fields by the JSON Schema of its template.
type CheckFields func(schema, fields json.RawMessage) error

// assetRefs is what an asset's row needs of the rows it points to. A nil code says that there is no such row.
type assetRefs struct {
	CategoryCode       *string
	CategoryName       *string
	CategoryArchived   bool
	LocationCode       *string
	LocationName       *string
	LocationArchived   bool
	SiteID             uuid.UUID
	ParentCode         *string
	ParentName         *string
	ParentArchived     bool
	TemplateCode       *string
	TemplateName       *string
	TemplateArchived   bool
	TemplateFields     json.RawMessage
	TemplateMaker      *string
	TemplateModel      *string
	TemplateRank       *string
	DepartmentCode     *string
	DepartmentName     *string
	DepartmentArchived bool
	CostCenterCode     *string
	CostCenterName     *string
	CostCenterArchived bool
	Currency           string
}

// assetRefSQL says of each reference its table, the alias, the columns, and the column that an actor's locations limit.
var assetRefSQL = []struct{ alias, table, place, columns string }{
	{"c", "asset_categories", "", `c.code AS category_code, c.name AS category_name, c.archived_at IS NOT NULL AS category_archived`},
	{"l", "locations", "l.id", `l.code AS location_code, l.name AS location_name, l.archived_at IS NOT NULL AS location_archived,
		coalesce(l.site_id, '00000000-0000-0000-0000-000000000000') AS site_id`},
	{"p", "assets", "p.location_id", `p.code AS parent_code, p.name AS parent_name, p.archived_at IS NOT NULL AS parent_archived`},
	{"t", "asset_templates", "", `t.code AS template_code, t.name AS template_name, t.archived_at IS NOT NULL AS template_archived,
		t.fields AS template_fields, t.manufacturer AS template_maker, t.model AS template_model, t.criticality AS template_rank`},
	{"d", "departments", "", `d.code AS department_code, d.name AS department_name, d.archived_at IS NOT NULL AS department_archived`},
	{"k", "cost_centers", "", `k.code AS cost_center_code, k.name AS cost_center_name, k.archived_at IS NOT NULL AS cost_center_archived`},
}

// selectAssetRefs finds all rows that the asset points to in one statement. It leaves out the tables that the asset does not point to:
// each would cost a create as much as a row found. What more adds to the columns may use args, which begin with the tenant.
func selectAssetRefs(actor models.Actor, a *models.Asset, more string, args ...any) (string, []any) {
	chosen, joins := "SELECT n.currency"+more, ""
	for i, id := range []*uuid.UUID{&a.CategoryID, &a.LocationID, a.ParentID, a.TemplateID, a.DepartmentID, a.CostCenterID} {
		if id == nil {
			continue
		}
		ref := assetRefSQL[i]
		args = append(args, *id)
		chosen += ", " + ref.columns
		joins += fmt.Sprintf(" LEFT JOIN %[2]s %[1]s ON %[1]s.tenant_id = $1 AND %[1]s.id = $%[3]d", ref.alias, ref.table, len(args))
		if ref.place != "" && actor.Scoped() {
			args = append(args, scopeOf(actor))
			joins += " AND " + scopeSQL(ref.place, len(args))
		}
	}
	return chosen + " FROM tenants n" + joins + " WHERE n.id = $1", args
}

// refs reads what the asset points to.
func (tx *Tx) refs(a *models.Asset) (assetRefs, error) {
	query, args := selectAssetRefs(tx.Actor, a, "", tx.Actor.TenantID)
	return txReadOne[assetRefs](tx, "tenant", query, args...)
}

// check names every reference that is new against was and not there or out of use.
func (r assetRefs) check(a, was *models.Asset) error {
	var f models.Faults
	for _, ref := range []struct {
		noun     string
		is, was  *uuid.UUID
		code     *string
		archived bool
	}{
		{"category", &a.CategoryID, &was.CategoryID, r.CategoryCode, r.CategoryArchived},
		{"location", &a.LocationID, &was.LocationID, r.LocationCode, r.LocationArchived},
		{"parent", a.ParentID, was.ParentID, r.ParentCode, r.ParentArchived},
		{"template", a.TemplateID, was.TemplateID, r.TemplateCode, r.TemplateArchived},
		{"department", a.DepartmentID, was.DepartmentID, r.DepartmentCode, r.DepartmentArchived},
		{"cost_center", a.CostCenterID, was.CostCenterID, r.CostCenterCode, r.CostCenterArchived},
	} {
		if ref.is == nil || sameID(ref.is, ref.was) {
			continue
		}
		f.Add(ref.code == nil, "/"+ref.noun+"_id", "not_found", "There is no such %s.", words(ref.noun))
		f.Add(ref.code != nil && ref.archived, "/"+ref.noun+"_id", "archived", "This %s is out of use.", words(ref.noun))
	}
	return f.Err()
}

func (r assetRefs) names() AssetNames {
	return AssetNames{
		CategoryCode: textOf(r.CategoryCode), CategoryName: textOf(r.CategoryName), LocationCode: textOf(r.LocationCode),
		LocationName: textOf(r.LocationName), ParentCode: r.ParentCode, ParentName: r.ParentName, TemplateCode: r.TemplateCode,
		TemplateName: r.TemplateName, DepartmentCode: r.DepartmentCode, DepartmentName: r.DepartmentName,
		CostCenterCode: r.CostCenterCode, CostCenterName: r.CostCenterName,
	}
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// settle gives prices without a currency the tenant's and judges the custom fields.
func (r assetRefs) settle(a *models.Asset, check CheckFields) error {
	if a.PurchaseCurrency == nil && (a.PurchasePrice != nil || a.ReplacementPrice != nil) {
		a.PurchaseCurrency = &r.Currency
	}
	if len(r.TemplateFields) == 0 {
		return nil
	}
	return check(r.TemplateFields, a.Fields)
}

// CreateAsset adds the asset that fill describes and returns it as people read it, or, for a repeat, as it is now. Everything it
// points to must be there and in use, its location and parent within the actor's. One read, one message of writes.
func (s *Store) CreateAsset(ctx context.Context, fill func(*models.Asset) error, check CheckFields) (AssetView, error) {
	var v AssetView
	var repeat uuid.UUID
	err := s.InTx(ctx, func(tx *Tx) error {
		id := models.SubjectID(tx.Command.ID)
		done, err := tx.once("asset.create", "asset", id)
		if err != nil {
			return err
		}
		if done {
			repeat = id
			return nil
		}
		a := models.Asset{Record: models.Record{TenantID: tx.Actor.TenantID, ID: id, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}}
		if err := fill(&a); err != nil {
			return err
		}
		a.Complete()
		if err := a.Validate(); err != nil {
			return err
		}
		refs, err := tx.refs(&a)
		if err != nil {
			return err
		}
		if err := refs.check(&a, &models.Asset{}); err != nil {
			return err
		}
		a.Inherit(textOf(refs.TemplateMaker), textOf(refs.TemplateModel), textOf(refs.TemplateRank))
		if err := refs.settle(&a, check); err != nil {
			return err
		}
		a.SiteID = refs.SiteID
		v = AssetView{Asset: a, AssetNames: refs.names()}
		tx.queue(insertAsset, assetValues(&a)...)
		return tx.Audit(Change{Action: "asset.create", SubjectType: "asset", SubjectID: id, After: &a})
	})
	if err == nil && repeat != uuid.Nil {
		return s.Asset(ctx, repeat)
	}
	return v, err
}

const assetColumns = `tenant_id, id, code, name, description, category_id, location_id, site_id, parent_id, template_id, department_id,
	cost_center_id, serial_number, barcode, manufacturer, model, criticality, lifecycle_state, operating_state, custody,
	purchase_price, purchase_currency, purchased_on, installed_on, warranty_until, replacement_price, fields, archived_at,
	version, updated_at`

const assetPlaces = `$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
	$26, $27, $28, $29, $30`

const insertAsset = `INSERT INTO assets (` + assetColumns + `, created_at) VALUES (` + assetPlaces + `, $30)`

func assetValues(a *models.Asset) []any {
	return []any{
		a.TenantID, a.ID, a.Code, a.Name, a.Description, a.CategoryID, a.LocationID, a.SiteID, a.ParentID, a.TemplateID,
		a.DepartmentID, a.CostCenterID, a.SerialNumber, a.Barcode, a.Manufacturer, a.Model, a.Criticality,
		string(a.LifecycleState), string(a.OperatingState), string(a.Custody), a.PurchasePrice, a.PurchaseCurrency, a.PurchasedOn,
		a.InstalledOn, a.WarrantyUntil, a.ReplacementPrice, string(a.Fields), a.ArchivedAt, a.Version, a.UpdatedAt,
	}
}

// ChangeAsset edits an asset and returns it as people read it; version is the one that the client has seen. Steps that the state
// tables do not list are conflicts, and so is a disposal that a policy wants approved; place and parent change by MoveAsset only.
func (s *Store) ChangeAsset(ctx context.Context, id uuid.UUID, version int, edit func(*models.Asset) error, check CheckFields) (AssetView, error) {
	var v AssetView
	a, err := s.editAsset(ctx, id, &version, "change", "", func(tx *Tx, a *models.Asset) error {
		before := *a
		if err := edit(a); err != nil {
			return err
		}
		if err := a.Change(before); err != nil {
			return err
		}
		if a.LifecycleState == models.AssetDisposed && before.LifecycleState != models.AssetDisposed {
			if err := tx.mayRetire(a); err != nil {
				return err
			}
			if err := tx.mustNotNeedApproval(models.ApprovalOfDisposal, before); err != nil {
				return err
			}
		}
		if before.OperatingState == models.AssetDown && a.OperatingState != models.AssetDown {
			if err := tx.closeDowntimes(id); err != nil {
				return err
			}
		}
		if err := tx.settleAsset(a, &before, check); err != nil {
			return err
		}
		tx.queueAssetNames(a, &v)
		return nil
	})
	v.Asset = a
	return v, err
}

// queueAssetNames reads, with the transaction's last message, what people read beside the asset's row.
func (tx *Tx) queueAssetNames(a *models.Asset, v *AssetView) {
	query, args := selectAssetRefs(models.Actor{}, a, `, EXISTS (SELECT FROM assets x
		WHERE x.tenant_id = $1 AND x.parent_id = $2 AND x.archived_at IS NULL) AS has_children`, a.TenantID, a.ID)
	tx.queue(query, args...).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByNameLax[struct {
			assetRefs
			HasChildren bool
		}])
		v.AssetNames, v.HasChildren = found.names(), found.HasChildren
		return err
	})
}

// settleAsset reads what the edit points to, where it points elsewhere or needs the template or the currency.
func (tx *Tx) settleAsset(a, before *models.Asset, check CheckFields) error {
	priced := a.PurchaseCurrency == nil && (a.PurchasePrice != nil || a.ReplacementPrice != nil)
	// What a purchase order brought has no fields yet: they are wanted when it goes to work.
	begins := a.LifecycleState.Operates() && !before.LifecycleState.Operates() && string(a.Fields) == "{}"
	judged := a.TemplateID != nil && (begins || string(a.Fields) != string(before.Fields))
	if a.CategoryID == before.CategoryID && sameID(a.TemplateID, before.TemplateID) && !priced && !judged &&
		sameID(a.DepartmentID, before.DepartmentID) && sameID(a.CostCenterID, before.CostCenterID) {
		return nil
	}
	refs, err := tx.refs(a)
	if err != nil {
		return err
	}
	if err := refs.check(a, before); err != nil {
		return err
	}
	return refs.settle(a, check)
}

var assetRow = `SELECT ` + columns[models.Asset]("a") + ` FROM assets a WHERE a.tenant_id = $1 AND a.id = $2`

// editAsset locks an asset the actor sees, lets edit change it, and writes it with its audit event: one read and one message of
// writes where edit reads nothing.
func (s *Store) editAsset(
	ctx context.Context, id uuid.UUID, version *int, verb, reason string, edit func(*Tx, *models.Asset) error,
) (models.Asset, error) {
	var a models.Asset
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		query, args := within(tx.Actor, assetRow, "a.location_id", tx.Actor.TenantID, id)
		if version == nil { // with a version the conditional update judges, and the row need not be locked before
			query += ` FOR NO KEY UPDATE OF a`
		}
		if a, err = txReadOne[models.Asset](tx, "asset", query, args...); err != nil {
			return err
		}
		if version != nil && *version != a.Version {
			return versionMismatch(a.Version)
		}
		before := a
		if err := edit(tx, &a); err != nil {
			if err == errUnchanged { //nolint:errorlint // edit returns it bare
				return nil
			}
			return err
		}
		a.Version++
		a.UpdatedAt = tx.Now
		return writeChanged(tx, verb, reason, &before, &a)
	})
	return a, err
}

// mayRetire refuses to dispose of an asset or to take it out of use while something still counts on it.
func (tx *Tx) mayRetire(a *models.Asset) error {
	if err := a.AtHand(); err != nil {
		return err
	}
	for _, use := range []struct{ what, query string }{
		{"an open work order", `SELECT FROM work_orders WHERE tenant_id = $1 AND asset_id = $2 AND status NOT IN ('closed', 'cancelled')`},
		{"a maintenance schedule", `SELECT FROM maintenance_schedules WHERE tenant_id = $1 AND asset_id = $2 AND status <> 'ended'`},
		{"an asset below it", `SELECT FROM assets WHERE tenant_id = $1 AND parent_id = $2 AND archived_at IS NULL AND lifecycle_state <> 'disposed'`},
	} {
		used, err := txValues[bool](tx, "SELECT EXISTS ("+use.query+")", a.TenantID, a.ID)
		if err != nil {
			return err
		}
		if used[0] {
			return models.Conflict("It still has %s.", use.what)
		}
	}
	return nil
}

// ArchiveAsset takes an asset out of use; refused while it is lent, has open work, a schedule or assets below it.
func (s *Store) ArchiveAsset(ctx context.Context, id uuid.UUID, version *int) error {
	_, err := s.editAsset(ctx, id, version, "archive", "", func(tx *Tx, a *models.Asset) error {
		if a.ArchivedAt != nil {
			return errUnchanged
		}
		a.ArchivedAt = &tx.Now
		return tx.mayRetire(a)
	})
	return err
}

// RestoreAsset takes an asset into use again; refused while its location or parent is out of use.
func (s *Store) RestoreAsset(ctx context.Context, id uuid.UUID, version *int) error {
	_, err := s.editAsset(ctx, id, version, "restore", "", func(tx *Tx, a *models.Asset) error {
		if a.ArchivedAt == nil {
			return errUnchanged
		}
		a.ArchivedAt = nil
		refs, err := tx.refs(a)
		if err != nil {
			return err
		}
		return refs.check(a, &models.Asset{CategoryID: a.CategoryID})
	})
	return err
}
