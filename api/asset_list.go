package api

import (
	"context"

	"mainstay/models"
	"mainstay/models/store"
)

type assetListInput struct {
	PageQuery
	TreeQuery
	Q              string   `query:"q" maxLength:"200" doc:"text in code, name or serial number"`
	Sort           string   `query:"sort" enum:"name,-name,code,-code,created_at,-created_at" default:"name"`
	CategoryID     []string `query:"category_id,explode"`
	LocationID     []string `query:"location_id,explode" doc:"with what lies below them"`
	DepartmentID   []string `query:"department_id,explode"`
	CostCenterID   []string `query:"cost_center_id,explode"`
	TemplateID     []string `query:"template_id,explode"`
	Code           []string `query:"code,explode"`
	SerialNumber   []string `query:"serial_number,explode"`
	Barcode        []string `query:"barcode,explode"`
	Criticality    []string `query:"criticality,explode" enum:"A,B,C"`
	LifecycleState []string `query:"lifecycle_state,explode" enum:"planned,ordered,received,commissioning,in_service,decommissioned,in_store,disposed,lost"`
	OperatingState []string `query:"operating_state,explode" enum:"up,down,degraded,standby,idle,disabled"`
	Custody        []string `query:"custody,explode" enum:"available,reserved,checked_out,accepted,declined,overdue"`
	FailedFrom     string   `query:"failed_from" format:"date" doc:"with a stop that nobody had planned and that began on this day at the site or later"`
	FailedTo       string   `query:"failed_to" format:"date" doc:"the same, on this day or before"`
	Archived       bool     `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (in *assetListInput) filter() (store.AssetFilter, error) {
	tree, err := in.tree()
	if err != nil {
		return store.AssetFilter{}, err
	}
	var f models.Faults
	return store.AssetFilter{
		Text: in.Q, Tree: tree, CategoryIDs: queryIDs(&f, "category_id", in.CategoryID),
		LocationIDs: queryIDs(&f, "location_id", in.LocationID), DepartmentIDs: queryIDs(&f, "department_id", in.DepartmentID),
		CostCenterIDs: queryIDs(&f, "cost_center_id", in.CostCenterID), TemplateIDs: queryIDs(&f, "template_id", in.TemplateID),
		Codes: in.Code, SerialNumbers: in.SerialNumber, Barcodes: in.Barcode, Criticalities: in.Criticality,
		LifecycleStates: in.LifecycleState, OperatingStates: in.OperatingState, Custodies: in.Custody, Archived: in.Archived,
		FailedFrom: queryDate(&f, "failed_from", in.FailedFrom), FailedTo: queryDate(&f, "failed_to", in.FailedTo),
	}, f.Err()
}

func (s *Server) listAssets(ctx context.Context, in *assetListInput) (*listOutput[Asset], error) {
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, assetBody, func(page store.Page) (store.Rows[store.AssetView], error) {
		return s.store.Assets(ctx, filter, page)
	})
}
