package handlers

import (
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/views"
)

// settings shows the viewer's own account, with all that can be done with it.
func (s *Server) settings(c *fiber.Ctx) error {
	all, err := s.allSettings(c)
	if err != nil {
		return err
	}
	if done := c.Query("done"); all.Did(done) {
		all.Done = done
	}
	page := views.SettingsPage(s.frame(c, "Settings"), all)
	return s.answer(c, fiber.StatusOK, page, page)
}

// changeProfile keeps the name that readers see, and what the viewer tells of themselves.
func (s *Server) changeProfile(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	user, _ := viewer(c)
	name, about, zone := sent.value("name"), sent.value("about"), sent.value("time_zone")
	if !sent.has("time_zone") {
		zone = user.TimeZone
	}
	if err := s.Accounts.SetProfile(c.UserContext(), user, name, about, zone, s.client(c)); err != nil {
		return s.refuseSetting(c, err, func(all *views.Settings, r views.Refusal) templ.Component {
			all.Profile.Name, all.Profile.About, all.Profile.TimeZone, all.Profile.Refusal = name, about, zone, r
			return views.ProfileForm(all.Profile)
		})
	}
	return s.changedSetting(c, views.SettingsAfter(views.ProfilePart), func(all views.Settings) templ.Component {
		all.Profile.Announce = views.DoneWords(views.ProfilePart)
		return views.ProfileForm(all.Profile)
	})
}

// changeUsername gives the viewer another username, which asks for the password when it was
// proven long ago.
func (s *Server) changeUsername(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	username := sent.value("username")
	session, err := s.proven(c, sent)
	if err == nil {
		_, err = s.Accounts.Rename(c.UserContext(), session.User, username, s.client(c))
	}
	if err != nil {
		return s.refuseSetting(c, err, func(all *views.Settings, r views.Refusal) templ.Component {
			all.Username.Typed, all.Username.Refusal = username, r
			return views.UsernameForm(all.Username)
		})
	}
	return s.changedSetting(c, views.SettingsAfter(views.UsernamePart), func(all views.Settings) templ.Component {
		all.Username.Announce = views.DoneWords(views.UsernamePart)
		return views.UsernameChanged(all)
	})
}

// changePassword gives the viewer a new password. All their sessions end, and a new one
// begins in this browser.
func (s *Server) changePassword(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	user, _ := viewer(c)
	user, err = s.Accounts.ChangePassword(
		c.UserContext(), user, sent.value(account.CurrentPassword), sent.value("password"), s.client(c))
	if err != nil {
		return s.refuseSetting(c, err, func(all *views.Settings, r views.Refusal) templ.Component {
			all.Password.Refusal = r
			return views.PasswordForm(all.Password)
		})
	}
	if _, err := s.renewSession(c, user); err != nil {
		return err
	}
	return s.changedSetting(c, views.SettingsAfter(views.PasswordPart), func(all views.Settings) templ.Component {
		all.Password.Announce = views.DoneWords(views.PasswordPart)
		return views.PasswordChanged(all)
	})
}

// refuseSetting shows the page of settings again, or in place the part that form returns,
// with what is wrong; what is no fault of the form it returns.
func (s *Server) refuseSetting(c *fiber.Ctx, cause error, form func(*views.Settings, views.Refusal) templ.Component) error {
	var refusal views.Refusal
	var invalid, throttled bool
	status := fiber.StatusUnprocessableEntity
	if refusal.Problems, invalid = asInvalid(cause); !invalid {
		if refusal.Throttled, throttled = asThrottled(c, cause); !throttled {
			return cause
		}
		status = refusal.Throttled.Status
	}
	all, err := s.allSettings(c)
	if err != nil {
		return err
	}
	part := form(&all, refusal)
	return s.answer(c, status, views.SettingsPage(s.frame(c, "Settings"), all), part)
}

// changedSetting goes on to next after a change or, in place, shows that part again.
func (s *Server) changedSetting(c *fiber.Ctx, next string, part func(views.Settings) templ.Component) error {
	if !wantsFragment(c) {
		return goOn(c, next)
	}
	all, err := s.allSettings(c)
	if err != nil {
		return err
	}
	return s.answer(c, fiber.StatusOK, nil, part(all))
}

// allSettings is the page of settings as it stands.
func (s *Server) allSettings(c *fiber.Ctx) (views.Settings, error) {
	session := viewingSession(c)
	profile, err := s.Accounts.ProfileOf(c.UserContext(), session.User)
	if err != nil {
		return views.Settings{}, err
	}
	live, err := s.Accounts.Sessions(c.UserContext(), session)
	if err != nil {
		return views.Settings{}, err
	}
	last, err := s.Accounts.LastOf(c.UserContext(), session.User)
	if err != nil {
		return views.Settings{}, err
	}
	email, err := s.Accounts.EmailOf(c.UserContext(), session.User)
	if err != nil {
		return views.Settings{}, err
	}
	return views.Settings{
		Email:    views.Email{At: email, Typed: email.Named(), Mail: s.Accounts.Rules().Mail, Fresh: session.Fresh},
		Profile:  views.Profile{Username: profile.Username, Name: profile.Name, About: profile.About, TimeZone: profile.TimeZone},
		Username: views.Username{Now: profile.Username, Typed: profile.Username, Fresh: session.Fresh},
		Password: views.Password{Username: profile.Username, PasswordMin: strconv.Itoa(s.Accounts.Rules().PasswordMin)},
		Sessions: views.Sessions{Live: live, Fresh: session.Fresh},
		Record:   recordOf(last),
	}, nil
}
