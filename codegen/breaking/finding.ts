/** A difference between two surfaces, judged by its rule. */
import type { Span } from "../model/model.ts";
import type { Bump, Party, Position } from "./rule.ts";
import { effectOf, RULES, type RuleCode } from "./rules.ts";
import { guestsOf, type Users } from "./users.ts";

export interface Finding {
	readonly rule: RuleCode;
	/** Key of the item before, or of today if it is new: what the lock names it. */
	readonly item: string;
	readonly message: string;
	readonly help?: string;
	readonly breaks: readonly Party[];
	readonly bump: Bump;
	/** Place in the WIT of today. Absent if the item is gone. */
	readonly span?: Span;
	/** Place in the WIT before. Absent if the surface before came from a lock. */
	readonly before?: Span;
}

/** The item that a rule applies to, and the values for its words. */
export interface Subject {
	readonly item: string;
	/** Instead of `item` in the message. */
	readonly shown?: string;
	readonly part?: string;
	readonly kind?: string;
	readonly before?: string;
	readonly after?: string;
	/** Directions for a rule whose effect depends on them. */
	readonly positions?: readonly Position[];
	/** For a finding about a type. */
	readonly users?: Users;
	readonly span?: Span | undefined;
	readonly spanBefore?: Span | undefined;
}

export class Findings {
	readonly #list: Finding[] = [];

	add(rule: RuleCode, subject: Subject): void {
		const { users, item } = subject;
		const { breaks, bump } = effectOf(rule, subject.positions ?? users?.positions ?? []);
		const { message, consequence, help } = RULES[rule];
		const isCarried = users === undefined || users.functions.length > 0;
		const words = { ...subject, item: subject.shown ?? item, guests: users === undefined ? "guests built before" : guestsOf(users) };
		const then = isCarried ? fill(consequence, words) : "no function carries it, so guests built before still run";
		this.#list.push({
			rule,
			item,
			message: `${fill(message, words)}: ${then}`,
			...(help === undefined ? {} : { help: fill(help, words) }),
			breaks,
			bump,
			...(subject.span === undefined ? {} : { span: subject.span }),
			...(subject.spanBefore === undefined ? {} : { before: subject.spanBefore }),
		});
	}

	/** Sorted by item, then by rule, then by message, each by code units. */
	sorted(): Finding[] {
		const key = ({ item, rule, message }: Finding): string => `${item}\n${rule}\n${message}`;
		return this.#list
			.map((finding) => [key(finding), finding] as const)
			.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
			.map(([, finding]) => finding);
	}
}

function fill(template: string, words: object): string {
	const values = new Map<string, unknown>(Object.entries(words));
	return template.replace(/\{([a-z]+)\}/g, (_, name: string) => String(values.get(name)));
}
