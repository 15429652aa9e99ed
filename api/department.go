package api

import "mainstay/models"

func (s *Server) departmentRoutes() {
	codedRoutes[models.Department](s, recordNoun{
		path: "/v1/departments", one: "department", many: "departments",
		read: models.PermissionDepartmentsRead, write: models.PermissionDepartmentsWrite,
	})
}
