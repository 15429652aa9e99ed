package store

// MeterRead is what a reading's transaction tells the schedules.
var MeterRead = (*Tx).meterRead
