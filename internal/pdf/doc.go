// Package pdf sets documents that go to people outside: purchase orders.
package pdf
