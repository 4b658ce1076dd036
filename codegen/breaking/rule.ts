/** The form of a rule of compatibility. */

/**
 * Parties that a change can break:
 *
 * - `built-guest`: a component built before, which a host of today refuses to link
 * - `running-guest`: a component built before that still links, and meets another behaviour
 * - `composed-guest`: a component built before, composed with another component, which also matches the names of types
 * - `guest-source`: source of a guest, built again
 * - `host-source`: source that implements imports or calls exports, built again
 * - `stored-value`: a value written down as JSON before, read today
 * - `older-host`: a guest of today on a host built before
 */
export const PARTIES = [
	"built-guest",
	"running-guest",
	"composed-guest",
	"guest-source",
	"host-source",
	"stored-value",
	"older-host",
] as const;
export type Party = (typeof PARTIES)[number];

/** The step of a version from 1.0.0 on. Below, `major` is the minor number and `minor` is the patch number. */
export type Bump = "major" | "minor" | "patch";

/**
 * Direction of a change. `import`: of an interface that the host implements. `export`: of one that the guest implements. `argument`: of
 * a type that guests pass to the host. `result`: of a type that guests receive. `unused`: of a type that no function carries.
 */
export type Position = "import" | "export" | "argument" | "result" | "unused";

export interface Effect {
	readonly breaks: readonly Party[];
	readonly bump: Bump;
}

export interface Rule {
	readonly title: string;
	/** The same in every position, or by position. */
	readonly effect: Effect | { readonly [position in Position]?: Effect };
	/** Placeholders in braces: `{item}`, `{part}`, `{before}`, `{after}`, `{kind}`. */
	readonly message: string;
	/** Consequence, after the message. Placeholder `{guests}`: guests built before, with the functions that they use. */
	readonly consequence: string;
	readonly help?: string;
}

/** A change that asks for the next incompatible version. */
export const breaks = (...parties: Party[]): Effect => ({ breaks: parties, bump: "major" });
/** A change for which a guest of today may need a host of today. */
export const grows = (...parties: Party[]): Effect => ({ breaks: parties, bump: "minor" });
export const harmless: Effect = { breaks: [], bump: "patch" };
