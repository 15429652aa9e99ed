//go:build !linux

package stack

import "syscall"

// dieWithParent does nothing where the kernel knows no parent-death signal: a killed supervisor leaves its children,
// and the next start names the ports they hold.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
