// Package pgbackrest drives pgBackRest: physical backups of a database cluster, its WAL archive, and the way back. Arguments are structs,
// what the tool found is read from its JSON, and nothing is said with an exit code alone: a backup that was asked for is looked for in the
// repository before and after. Under root every command runs as the user whom its configuration belongs to.
package pgbackrest
