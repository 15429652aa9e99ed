package activities

import "mainstay/models/store"

// Assets does the work of the assets domain: transfers and disposals.
type Assets struct{ Store *store.Store }
