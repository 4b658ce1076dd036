/** Compares two surfaces of core hostcalls, and judges each difference by its rule. Additions are findings too, and break no guest. */
import { type Finding, Findings, type Subject } from "../finding.ts";
import type { Position } from "../rule.ts";
import type { RuleCode } from "../rules.ts";
import type { CoreItem, CoreItemKind, CoreSurface } from "./core-surface.ts";

/** @returns findings sorted by item and rule, the same on every machine */
export function compareCoreSurfaces(before: CoreSurface, after: CoreSurface): Finding[] {
	return new CoreComparison(before, after).findings.sorted();
}

/** Rules for items that came or went. A record is known by its members and by the functions that carry it. */
const REMOVED: { readonly [kind in CoreItemKind]?: RuleCode } = {
	import: "core-import-removed",
	command: "core-command-removed",
	number: "core-number-removed",
	member: "core-member-removed",
};
const ADDED: { readonly [kind in CoreItemKind]?: RuleCode } = {
	import: "core-import-added",
	command: "core-command-added",
	number: "core-number-added",
};
const RENAMED: { readonly [kind in CoreItemKind]?: RuleCode } = {
	import: "core-import-renamed",
	command: "core-command-renamed",
	number: "core-number-renamed",
};

/** Rules for facts whose change is one rule in each direction. */
const CHANGED: { readonly [kind in CoreItemKind]: { readonly [fact: string]: RuleCode } } = {
	import: {
		signature: "core-signature-changed",
		function: "core-function-renamed",
		parameters: "core-parameters-changed",
		answer: "core-answer-changed",
	},
	command: {
		number: "core-command-renumbered",
		argument: "core-argument-changed",
		invalid: "core-invalid-changed",
		answer: "core-answer-changed",
	},
	number: { number: "core-number-changed" },
	packed: { layout: "core-layout-changed", members: "core-layout-renamed" },
	record: {},
	member: { type: "core-member-type-changed", absence: "core-null-changed" },
};

/** Facts that follow from another: a difference is reported at its cause. */
const CAUSES: ReadonlyMap<string, string> = new Map([
	["parameters", "signature"],
	["answer", "signature"],
	["members", "layout"],
]);

class CoreComparison {
	readonly findings = new Findings();
	readonly #before: CoreSurface;
	readonly #after: CoreSurface;

	constructor(before: CoreSurface, after: CoreSurface) {
		this.#before = before;
		this.#after = after;
		const gone = [...before.items.values()].filter(({ key }) => !after.items.has(key));
		const fresh = [...after.items.values()].filter(({ key }) => !before.items.has(key));
		const renamed = new Map(gone.flatMap((item) => this.#successor(item, gone, fresh)));
		for (const [old, now] of renamed) this.#rename(old, now);
		const successors = new Set(renamed.values());
		for (const item of gone) if (!renamed.has(item) && !this.#isPart(item, after)) this.#remove(item);
		for (const item of fresh) if (!successors.has(item) && !this.#isPart(item, before)) this.#add(item);
		for (const old of before.items.values()) {
			const now = after.items.get(old.key);
			if (now !== undefined) this.#compare(old, now);
		}
	}

	/** The new item that an old one continues: the only one with the same function, or with the same number in the same place. */
	#successor(item: CoreItem, gone: readonly CoreItem[], fresh: readonly CoreItem[]): (readonly [CoreItem, CoreItem])[] {
		const identity = ({ key, kind, facts }: CoreItem): string | undefined => {
			if (kind === "import") return facts.has("function") ? `import ${facts.get("function")}` : undefined;
			return kind === "command" || kind === "number" ? `${parentOf(key, kind)} ${facts.get("number")}` : undefined;
		};
		const own = identity(item);
		if (own === undefined) return [];
		const [now, another] = fresh.filter((each) => identity(each) === own);
		const isOnly = gone.filter((each) => identity(each) === own).length === 1;
		return now === undefined || another !== undefined || !isOnly ? [] : [[item, now]];
	}

	/** True for a part of an item that came or went itself: it goes without saying. */
	#isPart({ key, kind }: CoreItem, other: CoreSurface): boolean {
		if (kind === "command") return !other.items.has(`import ${parentOf(key, kind)}`);
		return kind === "member" && !other.items.has(`record ${parentOf(key, kind)}`);
	}

	#remove(item: CoreItem): void {
		const rule = REMOVED[item.kind];
		if (rule !== undefined) this.findings.add(rule, { ...subjectOf(item), spanBefore: item.span });
	}

	#add(item: CoreItem): void {
		const places = { ...subjectOf(item), span: item.span };
		const rule = ADDED[item.kind];
		if (rule !== undefined) this.findings.add(rule, places);
		if (item.kind !== "member") return;
		const positions = this.#positions(item, this.#after);
		const isRequired = item.facts.get("presence") === "required" && positions.includes("argument");
		this.findings.add(isRequired ? "core-member-required" : "core-member-added", { ...places, positions });
	}

	#rename(old: CoreItem, now: CoreItem): void {
		const rule = RENAMED[old.kind];
		const names = (item: CoreItem): string => subjectOf(item).part ?? nameOf(item);
		if (rule !== undefined)
			this.findings.add(rule, {
				...subjectOf(old),
				before: names(old),
				after: names(now),
				span: now.span,
				spanBefore: old.span,
			});
		this.#compare(old, now);
	}

	#compare(old: CoreItem, now: CoreItem): void {
		const subject = { ...subjectOf(old), span: now.span, spanBefore: old.span };
		const [was, is] = [old.facts, now.facts];
		for (const [fact, rule] of Object.entries(CHANGED[old.kind])) {
			const [before, after] = [was.get(fact), is.get(fact)];
			const cause = CAUSES.get(fact) ?? "";
			if (before === after || was.get(cause) !== is.get(cause)) continue;
			// A member that is required has no form of absence.
			if (before === undefined || after === undefined) continue;
			this.findings.add(rule, { ...subject, before, after, positions: this.#positions(old, this.#before) });
		}
		if (old.kind === "import") this.#compareImport(subject, was, is);
		if (old.kind === "member" && was.get("presence") !== is.get("presence")) {
			const rule = is.get("presence") === "required" ? "core-member-required" : "core-member-optional";
			this.findings.add(rule, { ...subject, positions: this.#positions(old, this.#before) });
		}
	}

	#compareImport(subject: Subject, was: CoreItem["facts"], is: CoreItem["facts"]): void {
		if (was.get("waits") !== is.get("waits")) this.findings.add(is.get("waits") === "yes" ? "blocking-added" : "blocking-removed", subject);
		this.#compareWords(subject, "core-queue-changed", was.get("queue"), is.get("queue"), {
			yes: "took its answer off a queue",
			no: "left its answer where it was",
		});
		this.#compareWords(subject, "core-argument-check-changed", was.get("argument-place"), is.get("argument-place"), {
			always: "checked the argument's place for each command",
			"if needed": "checked the argument's place for commands that need it",
		});
		const [limit, newLimit] = [was.get("limit"), is.get("limit")];
		if (limit === newLimit) return;
		const isLower = Number(newLimit ?? Number.POSITIVE_INFINITY) < Number(limit ?? Number.POSITIVE_INFINITY);
		const words = (bytes: string | undefined): string => (bytes === undefined ? "any number of bytes" : `at most ${bytes} bytes`);
		this.findings.add(isLower ? "core-limit-lowered" : "core-limit-raised", { ...subject, before: words(limit), after: words(newLimit) });
	}

	/** Facts of which one is absent belong to imports of two kinds, which have other differences. */
	#compareWords(
		subject: Subject,
		rule: RuleCode,
		before: string | undefined,
		after: string | undefined,
		words: Readonly<Record<string, string>>,
	): void {
		if (before === undefined || after === undefined || before === after) return;
		this.findings.add(rule, { ...subject, before: words[before] ?? before, after: words[after] ?? after });
	}

	/** Directions in which guests meet the record of a member. */
	#positions({ key, kind }: CoreItem, { items }: CoreSurface): readonly Position[] {
		if (kind !== "member") return [];
		const used = items.get(`record ${parentOf(key, kind)}`)?.facts.get("used") ?? "";
		const positions = (["argument", "result"] as const).filter((each) => used.includes(each));
		return positions.length === 0 ? ["unused"] : positions;
	}
}

/** `member mic.config.channels` → `mic.config`; `command spear.mic_ctl set-param` → `spear.mic_ctl`. */
function parentOf(key: string, kind: CoreItemKind): string {
	const name = key.slice(kind.length + 1);
	return name.slice(0, name.lastIndexOf(kind === "command" ? " " : "."));
}

/** Key without its kind. */
function nameOf({ key, kind }: CoreItem): string {
	return key.slice(kind.length + 1);
}

function subjectOf(item: CoreItem): Pick<Subject, "item" | "shown" | "part"> {
	if (item.kind !== "command") return { item: item.key, shown: nameOf(item) };
	const parent = parentOf(item.key, item.kind);
	return { item: item.key, shown: parent, part: nameOf(item).slice(parent.length + 1) };
}
