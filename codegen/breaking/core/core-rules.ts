/**
 * Rules of compatibility for the hostcalls of core modules, as data. A guest knows an import by its name and type, and everything else by numbers
 * and by the names in JSON. Names of the description are known to source only.
 */
import { breaks, grows, type Rule } from "../rule.ts";

const everyone = breaks("built-guest", "guest-source", "host-source");
const BESIDE = "offer the new form as an import of its own beside the old one";
const KEEP = "keep it, marked `@deprecated`";

export const CORE_RULES = {
	"core-import-removed": {
		title: "An import of core modules was removed",
		effect: everyone,
		message: "import `{item}` is gone",
		consequence: "guests that import it no longer start, and source that implements or calls it no longer builds",
		help: KEEP,
	},
	"core-import-renamed": {
		title: "An import of core modules was renamed",
		effect: everyone,
		message: "import `{before}` was renamed `{after}`",
		consequence: "guests built before know only the old name, so they no longer start",
		help: "keep the old name beside the new one, marked `@deprecated`",
	},
	"core-import-added": {
		title: "An import of core modules was added",
		effect: grows("older-host"),
		message: "import `{item}` is new",
		consequence: "guests that use it need a host of this version, and hosts have one more function to implement",
	},
	"core-signature-changed": {
		title: "An import of core modules has another type",
		effect: everyone,
		message: "import `{item}` had the type `{before}` and now has `{after}`",
		consequence: "guests built before are refused at the load",
		help: BESIDE,
	},
	"core-parameters-changed": {
		title: "Parameters of an import mean something else",
		effect: breaks("running-guest", "guest-source", "host-source"),
		message: "import `{item}` took {before} and now takes {after}",
		consequence: "guests built before still start, and the host reads their arguments in another way",
		help: BESIDE,
	},
	"core-answer-changed": {
		title: "An import answers in another form",
		effect: breaks("running-guest", "guest-source", "host-source"),
		message: "`{item}` answered with {before} and now answers with {after}",
		consequence: "guests built before still start, and read the answer in another way",
		help: BESIDE,
	},
	"core-queue-changed": {
		title: "An answer comes off a queue now, or no longer",
		effect: breaks("running-guest", "host-source"),
		message: "`{item}` {before} and now {after}",
		consequence: "guests built before rely on what a second call returns, and implementations change their type",
		help: BESIDE,
	},
	"core-function-renamed": {
		title: "The function of an import was renamed",
		effect: breaks("host-source"),
		message: "the function of import `{item}` was `{before}` and is now `{after}`",
		consequence: "guests know the import only, but source that implements the function no longer builds",
		help: "keep the name",
	},
	"core-limit-lowered": {
		title: "An import takes fewer bytes than before",
		effect: breaks("running-guest"),
		message: "import `{item}` took {before} and now takes {after}",
		consequence: "guests that pass more get `einval`",
		help: "keep the limit",
	},
	"core-limit-raised": {
		title: "An import takes more bytes than before",
		effect: grows("older-host"),
		message: "import `{item}` took {before} and now takes {after}",
		consequence: "guests that pass more need a host of this version",
	},
	"core-argument-check-changed": {
		title: "The argument's place is checked for other commands than before",
		effect: breaks("running-guest"),
		message: "import `{item}` {before} and now {after}",
		consequence: "guests that pass no place to a command without an argument may get `efault`",
		help: "keep the tag `@argument-first` as it was",
	},

	"core-command-removed": {
		title: "A command was removed",
		effect: breaks("running-guest", "guest-source", "host-source"),
		message: "command `{part}` of import `{item}` is gone",
		consequence: "guests that use it get `einval`, and source that implements it no longer builds",
		help: KEEP,
	},
	"core-command-renamed": {
		title: "A command was renamed",
		effect: breaks("guest-source", "host-source"),
		message: "command `{before}` of import `{item}` was renamed `{after}`",
		consequence: "guests built before know its number, but source that names it no longer builds",
		help: "keep the name",
	},
	"core-command-added": {
		title: "A command was added",
		effect: grows("older-host"),
		message: "command `{part}` of import `{item}` is new",
		consequence: "guests that use it need a host of this version, and hosts have one more function to implement",
	},
	"core-command-renumbered": {
		title: "A command has another number",
		effect: breaks("running-guest"),
		message: "command `{part}` of import `{item}` was {before} and is now {after}",
		consequence: "guests built before pass the old number, and get `einval` or another command",
		help: "keep the number",
	},
	"core-argument-changed": {
		title: "A command takes another argument",
		effect: breaks("running-guest", "guest-source", "host-source"),
		message: "command `{part}` of import `{item}` took {before} and now takes {after}",
		consequence: "guests built before pass the old argument",
		help: "add a command with a number of its own",
	},
	"core-invalid-changed": {
		title: "A command answers another error for an argument that is not valid",
		effect: breaks("running-guest"),
		message: "command `{part}` of import `{item}` answered `{before}` for an argument that is not valid, and now answers `{after}`",
		consequence: "guests built before look for the old error",
		help: "keep the error",
	},

	"core-number-changed": {
		title: "A number stands for something else",
		effect: breaks("running-guest"),
		message: "`{item}` was {before} and is now {after}",
		consequence: "guests built before pass and expect the old number",
		help: "keep the number",
	},
	"core-number-removed": {
		title: "A numbered case or flag was removed",
		effect: breaks("running-guest", "guest-source", "host-source"),
		message: "`{item}` is gone",
		consequence: "guests built before pass or expect its number, and source that names it no longer builds",
		help: "keep it",
	},
	"core-number-renamed": {
		title: "A numbered case or flag was renamed",
		effect: breaks("guest-source", "host-source"),
		message: "`{before}` was renamed `{after}`",
		consequence: "guests built before know its number, but source that names it no longer builds",
		help: "keep the name",
	},
	"core-number-added": {
		title: "A numbered case or flag was added",
		effect: grows("older-host"),
		message: "`{item}` is new",
		consequence: "guests that use it need a host of this version",
	},

	"core-layout-changed": {
		title: "A packed record has another layout",
		effect: breaks("running-guest", "guest-source", "host-source"),
		message: "packed record `{item}` was `{before}` and is now `{after}`",
		consequence: "guests built before read its bytes as they were laid out before",
		help: "keep the record, and answer with a new one through a new import",
	},
	"core-layout-renamed": {
		title: "Members of a packed record were renamed",
		effect: breaks("guest-source", "host-source"),
		message: "the members of packed record `{item}` were `{before}` and are now `{after}`",
		consequence: "guests built before read the same bytes, but source that names the members no longer builds",
		help: "keep the names",
	},
	"core-member-removed": {
		title: "A member of JSON was removed",
		effect: breaks("running-guest", "guest-source", "host-source"),
		message: "member `{item}` is gone",
		consequence: "guests built before set it without effect, or look for it in vain",
		help: "keep it",
	},
	"core-member-added": {
		title: "An optional member of JSON, or one of an answer, was added",
		effect: grows("older-host"),
		message: "member `{item}` is new",
		consequence: "guests that use it need a host of this version",
	},
	"core-member-required": {
		title: "A member of JSON is required now",
		effect: {
			argument: breaks("running-guest", "guest-source"),
			result: grows("older-host"),
			unused: grows(),
		},
		message: "member `{item}` is required now",
		consequence: "guests that leave it out are refused",
		help: "make it an `option<…>`",
	},
	"core-member-optional": {
		title: "A member of JSON may be absent now",
		effect: {
			argument: grows("older-host"),
			result: breaks("running-guest", "guest-source"),
			unused: grows(),
		},
		message: "member `{item}` may be absent now",
		consequence: "guests that read it may find nothing",
		help: "keep it in answers",
	},
	"core-member-type-changed": {
		title: "A member of JSON has another type",
		effect: breaks("running-guest", "guest-source", "host-source"),
		message: "member `{item}` was {before} and is now {after}",
		consequence: "guests built before write and read the old type",
		help: "add a member of the new type",
	},
	"core-null-changed": {
		title: "An absent member of JSON is written in another way",
		effect: { argument: grows(), result: breaks("running-guest"), unused: grows() },
		message: "an absent member `{item}` was {before} and is now {after}",
		consequence: "guests built before look for the old form",
		help: "keep the tag `@nullable` as it was",
	},
} as const satisfies Record<string, Rule>;
