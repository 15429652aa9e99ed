package store

import (
	"time"

	"github.com/shopspring/decimal"

	"mainstay/models"
)

// worth is what an asset, with all below it, is worth in the tenant's currency, and the zone in which it stands.
type worth struct {
	models.Money
	zone *time.Location
}

// assetWorth sums the prices of an asset and of all below it, of each the higher of what it cost and what another would cost, at the
// rates of the day. A currency without a rate is a conflict: nothing passes an approval because nobody knows what it is worth.
func (tx *Tx) assetWorth(a models.Asset) (worth, error) {
	type part struct {
		Currency string
		Base     string
		Zone     string
		Amount   decimal.Decimal
		Rate     *decimal.Decimal
	}
	parts, err := txRead[part](tx, `WITH RECURSIVE whole AS (SELECT $2::uuid AS id
			UNION ALL SELECT c.id FROM assets c JOIN whole w ON c.parent_id = w.id WHERE c.tenant_id = $1)
		SELECT coalesce(a.purchase_currency, t.currency) AS currency, t.currency AS base, l.time_zone AS zone,
			sum(greatest(coalesce(a.purchase_price, 0), coalesce(a.replacement_price, 0))) AS amount,
			CASE WHEN coalesce(a.purchase_currency, t.currency) = t.currency THEN 1 ELSE (SELECT r.rate FROM exchange_rates r
				WHERE r.tenant_id = $1 AND r.currency = a.purchase_currency AND r.archived_at IS NULL
					AND r.valid_from <= (now() AT TIME ZONE t.time_zone)::date ORDER BY r.valid_from DESC LIMIT 1) END AS rate
		FROM assets a JOIN tenants t ON t.id = a.tenant_id JOIN locations l ON l.tenant_id = a.tenant_id AND l.id = $3
		WHERE a.tenant_id = $1 AND a.id IN (SELECT id FROM whole)
		GROUP BY a.purchase_currency, t.currency, t.time_zone, l.time_zone`, a.TenantID, a.ID, a.LocationID)
	if err != nil {
		return worth{}, err
	}
	w := worth{Money: models.Money{Currency: parts[0].Base}}
	for _, p := range parts {
		if p.Rate == nil && p.Amount.IsPositive() {
			return worth{}, models.Conflict("There is no exchange rate of %s to %s: what it is worth is not known.", p.Currency, p.Base)
		}
		if p.Rate != nil {
			w.Amount = w.Amount.Add(models.RoundMoney(p.Amount.Mul(*p.Rate), p.Base))
		}
	}
	w.zone, err = models.Zone(parts[0].Zone)
	return w, err
}

// assetRequestSubject is the request as it is put to whoever has to decide.
func (tx *Tx) assetRequestSubject(r models.AssetRequest, a models.Asset) (models.ApprovalSubject, error) {
	content, err := tx.assetRequestContent(r)
	return models.ApprovalSubject{
		Type: r.Kind, ID: r.ID, RequesterID: r.RequestedBy, Amount: r.Amount, DepartmentID: a.DepartmentID, CategoryID: &a.CategoryID,
		LocationID: &r.FromLocationID, Content: content,
	}, err
}

func (tx *Tx) assetRequestContent(r models.AssetRequest) (models.ApprovalContent, error) {
	type names struct {
		Asset      string
		Parts      int
		From       string
		To         *string
		Parent     *string
		Department *string
		CostCenter *string
	}
	n, err := txReadOne[names](tx, "asset", `SELECT a.code || ' ' || a.name AS asset, f.code || ' ' || f.name AS "from",
			(WITH RECURSIVE below AS (SELECT c.id FROM assets c WHERE c.tenant_id = $1 AND c.parent_id = $2
				UNION ALL SELECT c.id FROM assets c JOIN below b ON c.parent_id = b.id WHERE c.tenant_id = $1) SELECT count(*) FROM below) AS parts,
			(SELECT code || ' ' || name FROM locations WHERE tenant_id = $1 AND id = $4) AS "to",
			(SELECT code || ' ' || name FROM assets WHERE tenant_id = $1 AND id = $5) AS parent,
			(SELECT name FROM departments WHERE tenant_id = $1 AND id = $6) AS department,
			(SELECT code || ' ' || name FROM cost_centers WHERE tenant_id = $1 AND id = $7) AS cost_center
		FROM assets a JOIN locations f ON f.tenant_id = a.tenant_id AND f.id = $3 WHERE a.tenant_id = $1 AND a.id = $2`,
		r.TenantID, r.AssetID, r.FromLocationID, r.ToLocationID, r.ToParentID, r.DepartmentID, r.CostCenterID)
	if err != nil {
		return models.ApprovalContent{}, err
	}
	title := "Transfer of "
	if r.Kind == models.ApprovalOfDisposal {
		title = "Disposal of "
	}
	c := models.ApprovalContent{Number: r.Number, Title: title + n.Asset, Amount: models.Money{Amount: r.Amount, Currency: r.Currency}}
	fact := func(label string, text *string) {
		if text != nil && *text != "" {
			c.Facts = append(c.Facts, models.ApprovalFact{Label: label, Text: *text})
		}
	}
	fact("Asset", &n.Asset)
	if n.Parts > 0 {
		parts := decimal.NewFromInt(int64(n.Parts)).String()
		fact("Parts below it", &parts)
	}
	fact("From", &n.From)
	fact("To", n.To)
	fact("Part of", n.Parent)
	fact("Department", n.Department)
	fact("Cost center", n.CostCenter)
	method := string(r.Method)
	fact("Method", &method)
	if r.Proceeds != nil {
		proceeds := r.Proceeds.StringFixed(models.MinorDigits(r.Currency)) + " " + r.Currency
		fact("Proceeds", &proceeds)
	}
	if r.OnDay != nil {
		on := r.OnDay.String()
		fact("Not before", &on)
	}
	fact("Why", &r.Reason)
	return c, nil
}

// assetRequestCase is how the case stands that the request waits for, and what was said at its end; "" where it waits for none.
func (tx *Tx) assetRequestCase(r models.AssetRequest) (models.ApprovalStatus, string, error) {
	if r.Status != models.AssetRequestPendingApproval || r.ApprovalCaseID == nil {
		return "", "", nil
	}
	c, err := tx.approvalCase(*r.ApprovalCaseID)
	return c.Status, c.Reason, err
}

// assetRequestStands refuses a decision on a request whose asset is not any more what and where the case shows.
func (tx *Tx) assetRequestStands(a models.Approval, changed error) error {
	found, err := txRead[models.AssetRequest](tx, `SELECT `+columns[models.AssetRequest]("r")+` FROM asset_requests r
		WHERE r.tenant_id = $1 AND r.id = $2`, a.TenantID, a.SubjectID)
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0].ApprovalCaseID == nil || *found[0].ApprovalCaseID != a.ID {
		return changed
	}
	r := found[0]
	asset, err := txReadOne[models.Asset](tx, "asset", assetRow, r.TenantID, r.AssetID)
	if err != nil {
		return err
	}
	value, err := tx.assetWorth(asset)
	if err != nil {
		return err
	}
	r.Amount = value.Amount
	if r.Proceeds != nil && r.Proceeds.GreaterThan(r.Amount) {
		r.Amount = *r.Proceeds
	}
	is, err := tx.assetRequestContent(r)
	if err != nil {
		return err
	}
	if asset.LocationID != r.FromLocationID || !a.Route.Terms.Tolerates(a.Content, is) {
		return changed
	}
	return nil
}

// mustNotNeedApproval refuses to move or dispose of an asset directly where a policy wants that approved.
func (tx *Tx) mustNotNeedApproval(kind models.AssetRequestKind, a models.Asset) error {
	policies, err := txRead[models.ApprovalPolicy](tx, policiesOfSubject, a.TenantID, string(kind))
	if err != nil || len(policies) == 0 {
		return err
	}
	value, err := tx.assetWorth(a)
	if err != nil {
		return err
	}
	facts, err := tx.approvalFacts(models.ApprovalSubject{
		Type: kind, Amount: value.Amount, DepartmentID: a.DepartmentID, CategoryID: &a.CategoryID, LocationID: &a.LocationID,
	})
	if err != nil {
		return err
	}
	matches, err := models.MatchApproval(policies, facts)
	if err != nil || len(matches) == 0 {
		return err
	}
	if kind == models.ApprovalOfDisposal {
		return models.Conflict("Its disposal has to be approved: ask for an asset disposal.")
	}
	return models.Conflict("Its transfer to another site has to be approved: ask for an asset transfer.")
}

// notifyBlocked tells who asked that somebody has to clear the way.
func (tx *Tx) notifyBlocked(r models.AssetRequest) error {
	if r.RequestedBy == nil {
		return nil
	}
	cause := models.NotifyAssetRequestBlocked + " " + r.UpdatedAt.Format(time.RFC3339Nano)
	return tx.notify(models.Notification{
		ID: models.NotificationID(cause, r.ID, *r.RequestedBy), UserID: *r.RequestedBy, Kind: models.NotifyAssetRequestBlocked,
		SubjectType: string(r.Kind), SubjectID: r.ID, Title: r.Number, Details: models.NotificationDetails{Number: r.Number, Reason: r.BlockReason},
	})
}
