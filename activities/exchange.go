package activities

import (
	"mainstay/internal/blob"
	"mainstay/models/store"
)

// Exchange does the work of imports and exports: between files in storage and the tables.
type Exchange struct {
	Store *store.Store
	Blob  *blob.Store
}
