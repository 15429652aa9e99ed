// Package api is the REST API: Gin owns routing and middleware, Huma declares the operations on it, one file a noun. A handler
// decodes, calls store or a process, and maps; errors are application/problem+json.
package api
