//go:build !linux

package pgbackrest

import "syscall"

// dieWithParent can do nothing here: a command that outlives its worker ends by itself.
func dieWithParent(*syscall.SysProcAttr) {}
