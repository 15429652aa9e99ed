// Package postgres drives PostgreSQL's own backup tools. A dump is streamed: pg_dump's custom format through zstd and age into its
// destination, so that no row touches a disk in clear; a restore is the way back into a server of its own. Nothing is said with an exit
// code alone: what was read is counted and hashed.
package postgres
