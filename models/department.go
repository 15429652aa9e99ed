package models

// Department is a part of the organisation, to which people and assets belong.
type Department struct{ Coded }
