package handlers

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/account"
	"miniblog/internal/fault"
	"miniblog/views"
)

// people lists the accounts that a search finds.
func (s *Server) people(c *fiber.Ctx) error {
	list := views.People{Search: c.Query("q"), After: c.Query("after"), InPlace: wantsFragment(c)}
	people, next, err := s.Accounts.People(c.UserContext(), list.Search, list.After)
	if err != nil {
		return err
	}
	list.Next = next
	for i, person := range people {
		list.People = append(list.People, views.Person{
			Person: person, Focus: i == 0 && list.InPlace && list.After != "", You: person.ID == viewingAuthor(c).ID,
		})
	}
	return s.answer(c, fiber.StatusOK, views.PeoplePage(s.frame(c, "People"), list), views.PeopleList(list))
}

// person shows one account, with what can be done to it.
func (s *Server) person(c *fiber.Ctx) error {
	id, err := parseID(c.Params("id"))
	if err != nil {
		return err
	}
	return s.answerPerson(c, fiber.StatusOK, id, views.Person{Open: c.Query("closed") != "yes"})
}

// answerPerson shows an account; shown says what happens to it.
func (s *Server) answerPerson(c *fiber.Ctx, status int, id uuid.UUID, shown views.Person) error {
	person, err := s.Accounts.Person(c.UserContext(), id)
	if err != nil {
		return err
	}
	shown.Person, shown.Focus, shown.You = person, wantsFragment(c), person.ID == viewingAuthor(c).ID
	if shown.Said != "" {
		shown.Announce = views.PersonWords(person.Username, shown.Said)
	}
	return s.answer(c, status, views.PersonPage(s.frame(c, person.Username), shown), views.PersonEntry(shown))
}

// disablePerson keeps an account from logging in.
func (s *Server) disablePerson(c *fiber.Ctx) error {
	return s.managePerson(c, s.Accounts.Disable, views.SaidDisabled)
}

// enablePerson lets an account log in again.
func (s *Server) enablePerson(c *fiber.Ctx) error {
	return s.managePerson(c, s.Accounts.Enable, views.SaidEnabled)
}

// restorePerson brings a removed account back.
func (s *Server) restorePerson(c *fiber.Ctx) error {
	return s.managePerson(c, s.Accounts.Restore, views.SaidRestored)
}

// managePerson does what takes no more than a button, and shows the account again.
func (s *Server) managePerson(c *fiber.Ctx, do func(context.Context, uuid.UUID, account.By) error, said views.Said) error {
	id, err := parseID(c.Params("id"))
	if err != nil {
		return err
	}
	return s.answerManaged(c, id, do(c.UserContext(), id, s.by(c)), said)
}

// answerManaged shows an account after something was done to it, or why it was not. Who
// did it to themselves may be an owner no more, or nobody.
func (s *Server) answerManaged(c *fiber.Ctx, id uuid.UUID, err error, said views.Said) error {
	if problems, invalid := asInvalid(err); invalid {
		return s.answerPerson(c, fiber.StatusUnprocessableEntity, id, views.Person{Open: true, Problem: problems[0].Message})
	}
	if err != nil {
		return err
	}
	if user, _ := viewer(c); user.ID == id {
		return goOn(c, views.DashboardURL)
	}
	if !wantsFragment(c) {
		return s.goOnSaying(c, views.PersonURL(id), said)
	}
	return s.answerPerson(c, fiber.StatusOK, id, views.Person{Open: true, Said: said})
}

// setRole makes an account an owner or an author.
func (s *Server) setRole(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	role := sent.value("role")
	if role != account.RoleOwner && role != account.RoleAuthor {
		return fault.ErrMalformed
	}
	return s.managedProven(c, sent, views.Asked{Action: "role", Role: role}, func(id uuid.UUID) error {
		err := s.Accounts.SetRole(c.UserContext(), id, role, s.by(c))
		return s.answerManaged(c, id, err, saidOfRole(role))
	})
}

func saidOfRole(role string) views.Said {
	if role == account.RoleOwner {
		return views.SaidOwner
	}
	return views.SaidAuthor
}

// linkForPerson makes a link to set an account's password, and shows it this once.
func (s *Server) linkForPerson(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	return s.managedProven(c, sent, views.Asked{Action: "link"}, func(id uuid.UUID) error {
		token, err := s.Accounts.LinkFor(c.UserContext(), id, s.by(c))
		if err != nil {
			return s.answerManaged(c, id, err, "")
		}
		return s.answerPerson(c, fiber.StatusOK, id, views.Person{
			Open: true, Link: ResetLink(s.URL, token), Announce: "The link is made. Copy it now.",
		})
	})
}

// askRemoval asks before an account is removed.
func (s *Server) askRemoval(c *fiber.Ctx) error {
	id, err := parseID(c.Params("id"))
	if err != nil {
		return err
	}
	ask := views.Asked{Action: "removal", Password: !viewingSession(c).Fresh}
	return s.answerPerson(c, fiber.StatusOK, id, views.Person{Open: true, Ask: ask})
}

// removePerson deletes an account with everything it wrote.
func (s *Server) removePerson(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	return s.managedProven(c, sent, views.Asked{Action: "removal"}, func(id uuid.UUID) error {
		return s.answerManaged(c, id, s.Accounts.Remove(c.UserContext(), id, s.by(c)), views.SaidRemoved)
	})
}

// managedProven goes on once it is proven that the owner asks; until then the account
// shows the form that asks for their password.
func (s *Server) managedProven(c *fiber.Ctx, sent form, ask views.Asked, then func(uuid.UUID) error) error {
	id, err := parseID(c.Params("id"))
	if err != nil {
		return err
	}
	_, err = s.proven(c, sent)
	status, invalid, throttled := fiber.StatusUnprocessableEntity, false, false
	if ask.Problems, invalid = asInvalid(err); invalid && sent.value("asked") != "yes" {
		ask.Problems = nil // it is asked for the first time
	}
	if ask.Throttled, throttled = asThrottled(c, err); throttled {
		status = ask.Throttled.Status
	}
	switch {
	case invalid || throttled:
		ask.Password = true
		return s.answerPerson(c, status, id, views.Person{Open: true, Ask: ask})
	case err != nil:
		return err
	}
	return then(id)
}
