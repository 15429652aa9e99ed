package stack

import "syscall"

// dieWithParent makes the kernel send sig to the child when the supervisor is killed.
func dieWithParent(attr *syscall.SysProcAttr, sig syscall.Signal) { attr.Pdeathsig = sig }
