package handlers

// Routes lists every route as its method and path, without the middleware.
func (s *Server) Routes() (routes [][2]string) {
	for _, route := range s.app.GetRoutes(true) {
		routes = append(routes, [2]string{route.Method, route.Path})
	}
	return routes
}
