/**
 * Rules for plain words as data. `check-words.ts` applies them to docstrings and documents.
 *
 * Phrases are compared without regard to case, as whole words; a space matches any white space.
 */

/** A sentence with more words wants splitting. Readers hold about 20 words; 30 leaves room for a list of names. */
export const MAX_SENTENCE_WORDS = 30;

/** Words that end with a full stop inside a sentence, without that full stop. */
export const ABBREVIATIONS: readonly string[] = ["al", "approx", "ca", "cf", "e.g", "fig", "i.e", "incl", "resp", "vs"];

export interface Replacement {
	readonly phrases: readonly string[];
	/** Advice to the author. */
	readonly write: string;
}

const NAME_THE_THING = 'name the thing, or begin with a third-person verb such as "Returns"';

/** Phrases that may not open a docstring. Phrases of `TERMS` are found there too. */
export const OPENINGS: readonly Replacement[] = [
	{ phrases: ["what", "whatever", "how", "however", "whether", "where", "why", "which", "whichever"], write: NAME_THE_THING },
	{ phrases: ["who", "whom", "whose"], write: NAME_THE_THING },
	{ phrases: ["when"], write: 'write "Time at which …", or "If …" for a condition' },
	{ phrases: ["one", "those", "that", "it", "they"], write: NAME_THE_THING },
	{ phrases: ["all that", "everything", "anything", "something", "nothing"], write: NAME_THE_THING },
	{ phrases: ["gives"], write: 'write "Returns"' },
	{ phrases: ["tells"], write: 'write "Notifies", "Reports" or "Returns"' },
	{ phrases: ["told"], write: 'write "Called when …"' },
	{ phrases: ["lets"], write: 'write "Allows" or "Releases"' },
	{ phrases: ["goes"], write: 'write the verb for the movement: "Continues", "Moves", "Expires"' },
	{ phrases: ["takes back"], write: 'write "Cancels" or "Restores"' },
	{ phrases: ["takes over"], write: 'write "Replaces" or "Adopts"' },
	{ phrases: ["takes in"], write: 'write "Accepts" or "Records"' },
	{ phrases: ["takes out"], write: 'write "Removes" or "Ejects"' },
	{ phrases: ["hands"], write: 'write "Passes"' },
	{ phrases: ["says"], write: 'write "Returns" or "Reports"' },
];

/** Noun phrases that begin with a phrase of `OPENINGS`. */
export const ALLOWED_OPENINGS: readonly string[] = ["one of", "that of"];

/** Phrases that may not open a sentence: the noun they stand for is in another sentence. */
export const PRONOUNS: Replacement = {
	phrases: ["it", "its", "they", "those", "one that", "one which", "what is", "what are", "what was", "what were"],
	write: "repeat the noun",
};

export interface Term extends Replacement {
	/** `person`: a word for people. `verb`: no standard verb or adverb. `name`: no longer the name of its concept. */
	readonly rule: "person" | "verb" | "name";
	/** Paths where the term applies, relative to the repository root. The default is all. */
	readonly within?: RegExp;
}

const ROUTER = /^(?:src\/router\/|README\.md|ARCHITECTURE\.md|CHANGELOG\.md)/;
const MEDIA = /^(?:src\/media\/|src\/hostcall\/(?:media|scope)|wit\/media|codegen\/schemas\/|README\.md|ARCHITECTURE\.md|CHANGELOG\.md)/;
const UPSTREAM = /^src\/(?:transport|backends|router)\//;

/** Phrases that may stand nowhere. */
export const TERMS: readonly Term[] = [
	{ rule: "person", phrases: ["nobody", "no one"], write: 'name the component: "no caller", "no backend"' },
	{ rule: "person", phrases: ["somebody", "someone", "anybody", "anyone"], write: 'name the component: "a caller", "any guest"' },
	{ rule: "person", phrases: ["everybody", "everyone"], write: 'name the components: "all guests"' },
	{ rule: "person", phrases: ["whoever", "whomever"], write: 'name the component: "the caller that …"' },
	{ rule: "person", phrases: ["affair", "affairs"], write: 'name the owner: "the caller handles …"' },

	{ rule: "verb", phrases: ["go by", "goes by", "going by", "gone by", "went by"], write: '"use" or "apply"' },
	{ rule: "verb", phrases: ["let go", "lets go", "letting go"], write: '"cancel" or "release"' },
	{ rule: "verb", phrases: ["give up", "gives up", "giving up", "given up", "gave up"], write: '"cancel" or "abandon"' },
	{ rule: "verb", phrases: ["give back", "gives back", "giving back", "given back", "gave back"], write: '"return" or "release"' },
	{ rule: "verb", phrases: ["hang up", "hangs up", "hanging up", "hung up"], write: '"close"' },
	{ rule: "verb", phrases: ["anew"], write: '"again"' },
	{ rule: "verb", phrases: ["under way"], write: '"in flight"' },
	{ rule: "verb", phrases: ["at a time"], write: '"concurrently", or "one after another"' },
	{ rule: "verb", phrases: ["beside each other", "beside one another", "those beside", "the others beside"], write: '"peers"' },
	{ rule: "verb", phrases: ["told of", "told once", "told that", "told when"], write: '"notified"' },
	{
		rule: "verb",
		phrases: ["am told", "are told", "be told", "been told", "is told", "was told", "were told"],
		write: '"notified", "reported" or "known"',
	},
	{ rule: "verb", phrases: ["begun"], write: '"started"' },
	{ rule: "verb", phrases: ["take out", "takes out", "taken out", "took out"], write: '"eject"', within: ROUTER },

	{ rule: "name", phrases: ["course", "courses"], write: '"request execution"' },
	{ rule: "name", phrases: ["placement", "placements"], write: '"lease acquisition"' },
	{ rule: "name", phrases: ["outlook", "outlooks"], write: '"availability summary"' },
	{ rule: "name", phrases: ["wishes"], write: '"routing preferences"' },
	{ rule: "name", phrases: ["fleet", "fleets"], write: '"backend set"' },
	{ rule: "name", phrases: ["blame", "blames", "blamed"], write: '"attribution", "counts against"' },
	{ rule: "name", phrases: ["waiting room", "waiting rooms"], write: '"pending queue"' },
	{ rule: "name", phrases: ["ratio budget", "ratio budgets"], write: '"retry budget"' },
	{ rule: "name", phrases: ["repetition", "repetitions"], write: '"retry"' },
	{ rule: "name", phrases: ["desperate"], write: '"last resort"' },
	{ rule: "name", phrases: ["hasten", "hastens", "hastened"], write: '"shorten"' },
	{ rule: "name", phrases: ["vacancy", "vacancies"], write: '"writable"' },
	{ rule: "name", phrases: ["first content"], write: '"first event"' },
	{ rule: "name", phrases: ["lasting reason", "lasting reasons"], write: '"static rejection"' },
	{ rule: "name", phrases: ["passing reason", "passing reasons"], write: '"transient rejection"' },
	{ rule: "name", phrases: ["demand"], write: '"request size"', within: ROUTER },
	{ rule: "name", phrases: ["plan", "plans"], write: '"candidate set"', within: /^src\/router\// },
	{ rule: "name", phrases: ["verdict", "verdicts"], write: '"eligibility report"', within: ROUTER },
	{ rule: "name", phrases: ["consequence", "consequences"], write: '"health transition"', within: ROUTER },
	{ rule: "name", phrases: ["sparing", "sparingly", "spare", "spared", "spares", "ramp", "ramps"], write: '"slow start"', within: ROUTER },
	{ rule: "name", phrases: ["rest", "rests", "rested", "resting"], write: '"cool down", "cooldown"', within: ROUTER },
	{ rule: "name", phrases: ["retire", "retires", "retired", "retirement", "retirements"], write: '"mark as rejected"', within: ROUTER },
	{ rule: "name", phrases: ["piece", "pieces"], write: '"media object", or "chunk" for a part of a stream', within: MEDIA },
	{ rule: "name", phrases: ["untouched"], write: '"not processed"', within: UPSTREAM },
];

/** Phrases that contain a term and are allowed. */
export const ALLOWED_PHRASES: readonly string[] = ["of course", "the rest"];
