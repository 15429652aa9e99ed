// Package models is the vocabulary of Mainstay: its nouns with their invariants, state tables and calculators. It does no
// I/O, keeps no clock and imports nothing but the standard library, uuid and decimal. Every other layer speaks in its words.
package models
