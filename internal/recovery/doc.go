// Package recovery decides what a database cluster is recovered to and remembers, in a file of this host, how far a recovery has got. It needs
// neither PostgreSQL nor Temporal: both may be what is recovered.
package recovery
