package models

// AssetCategory is a class of equipment, such as pumps (ISO 14224 calls it equipment class).
type AssetCategory struct{ Coded }
