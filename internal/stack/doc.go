// Package stack runs the local stack: PostgreSQL, S3 storage, a mail catcher and Temporal as children of one supervisor,
// with the application's own processes beside them.
//
// [Up] is what `make run` runs, [Exec] what `make test` and `make bench` run. Every child dies with its supervisor: a
// stop signal is handed on in reverse order of the start, and on Linux the kernel signals the children of a supervisor
// that was killed.
package stack
