// Package sheet reads and writes tables as other programs keep them: CSV both ways, XLSX on the way out.
package sheet
