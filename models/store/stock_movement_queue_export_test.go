package store

// MovementsInLine is how many movements wait for others of their item, and how many groups are under way.
func (s *Store) MovementsInLine() (waiting, groups int) {
	s.movements.mu.Lock()
	defer s.movements.mu.Unlock()
	for _, line := range s.movements.items {
		waiting, groups = waiting+len(line.waiting), groups+line.groups
	}
	return waiting, groups
}
