package activities

import (
	"mainstay/internal/blob"
	"mainstay/internal/mail"
	"mainstay/models/store"
)

// Purchasing does the work of the purchasing domain: purchase orders and what goes to their suppliers, and the replenishment of stock.
type Purchasing struct {
	Store *store.Store
	Blob  *blob.Store
	Mail  *mail.Sender
	From  string // sender's address
}
