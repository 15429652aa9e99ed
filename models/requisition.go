package models

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// RequisitionStatus is what became of a requisition.
type RequisitionStatus string

// States of a requisition. Only an open one can be decided, once; it is open again when the order that was to buy it is over and
// brought nothing.
//
//	stateDiagram-v2
//	    [*] --> open: create
//	    open --> ordered: order
//	    ordered --> open: by itself, its order was cancelled, or closed before anything came
//	    open --> rejected: reject
//	    open --> cancelled: cancel
const (
	RequisitionOpen      RequisitionStatus = "open"
	RequisitionOrdered   RequisitionStatus = "ordered"
	RequisitionRejected  RequisitionStatus = "rejected"
	RequisitionCancelled RequisitionStatus = "cancelled"
)

// AllowedCommands lists what the state allows.
func (s RequisitionStatus) AllowedCommands() []string {
	if s == RequisitionOpen {
		return []string{"order", "reject", "cancel"}
	}
	return []string{}
}

// Check refuses every decision but the first: a conflict with the allowed commands.
func (s RequisitionStatus) Check() error {
	if s == RequisitionOpen {
		return nil
	}
	err := Conflict("The requisition was decided already: it is %s.", s)
	err.AllowedCommands = s.AllowedCommands()
	return err
}

// Requisition is what somebody wants to have bought, before a buyer makes a purchase order of it.
type Requisition struct {
	TenantID        uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	Number          string    // RQ-000123
	Status          RequisitionStatus
	Note            string
	NeededOn        *Date
	DepartmentID    *uuid.UUID
	PurchaseOrderID *uuid.UUID // ordered with
	DecideReason    string     // of a rejection or a cancellation
	RequestedBy     uuid.UUID
	DecidedBy       *uuid.UUID
	DecidedAt       *time.Time
	Version         int
	CreatedAt       time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt       time.Time `gorm:"autoUpdateTime:false"`
}

// RequisitionLine is one thing that is wanted.
type RequisitionLine struct {
	TenantID      uuid.UUID `gorm:"primaryKey"`
	RequisitionID uuid.UUID `gorm:"primaryKey"`
	Line          int       `gorm:"primaryKey"`
	ItemID        *uuid.UUID
	Description   string
	Unit          string
	UnitFactor    *decimal.Decimal // of an item: how many of its own unit one was when it was asked for; nil: not noted
	Quantity      decimal.Decimal
	WorkOrderID   *uuid.UUID
	CostCenterID  *uuid.UUID
}

// InUnits is how the line is ordered of an item that is now counted in these units: as it was asked for, or, where one of its unit is
// no longer what it was, exactly as much in the item's own unit.
func (l RequisitionLine) InUnits(units ItemUnits) (quantity decimal.Decimal, unit string) {
	if l.UnitFactor == nil {
		return l.Quantity, l.Unit
	}
	if now, known := units.Factor(l.Unit); known && now.Equal(*l.UnitFactor) {
		return l.Quantity, l.Unit
	}
	return l.Quantity.Mul(*l.UnitFactor), units.Unit
}

// NewRequisition is what a person asks for.
type NewRequisition struct {
	Note         string
	NeededOn     *Date
	DepartmentID *uuid.UUID
	Lines        []NewPurchaseOrderLine // without prices
}

// Validate checks what can be checked without the database.
func (n NewRequisition) Validate() error {
	f := lineFaults(n.Lines)
	for i, line := range n.Lines {
		f.Add(line.UnitPrice != nil, fmt.Sprintf("/lines/%d/unit_price", i), "unexpected", "The buyer finds the price.")
		f.Add(line.AssetTemplateID != nil, fmt.Sprintf("/lines/%d/asset_template_id", i), "unexpected", "The buyer chooses the template.")
	}
	return f.Err()
}

// Order notes at now that the requisition is bought with a purchase order.
func (r *Requisition) Order(order, by uuid.UUID, now time.Time) error {
	if err := r.decide(RequisitionOrdered, "", by, now); err != nil {
		return err
	}
	r.PurchaseOrderID = &order
	return nil
}

// Reject notes at now why nothing is bought.
func (r *Requisition) Reject(reason string, by uuid.UUID, now time.Time) error {
	if reason == "" {
		return InvalidField("/reason", "required", "A reason is needed.")
	}
	return r.decide(RequisitionRejected, reason, by, now)
}

// Cancel notes at now that it is wanted no more. Only who asked for it can say so.
func (r *Requisition) Cancel(reason string, by uuid.UUID, now time.Time) error {
	if by != r.RequestedBy {
		return Forbidden("Who asked for it cancels it; a buyer rejects it.")
	}
	return r.decide(RequisitionCancelled, reason, by, now)
}

// Reopen notes at now that the order which was to buy it brought nothing: a buyer decides anew.
func (r *Requisition) Reopen(now time.Time) {
	r.Status, r.PurchaseOrderID, r.DecidedBy, r.DecidedAt, r.UpdatedAt = RequisitionOpen, nil, nil, nil, now
	r.Version++
}

func (r *Requisition) decide(to RequisitionStatus, reason string, by uuid.UUID, now time.Time) error {
	if err := r.Status.Check(); err != nil {
		return err
	}
	r.Status, r.DecideReason, r.DecidedBy, r.DecidedAt, r.UpdatedAt = to, reason, &by, &now, now
	r.Version++
	return nil
}
