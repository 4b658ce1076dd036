import type { ImportObject } from "../../../src/abi/component/import-object.ts";
import { INTERFACE, type RandomPackage } from "./random-package.ts";

/** A resource of the host. Stands for the object of a random value. */
export class Thing {
	readonly stands: object;

	constructor(stands: object) {
		this.stands = stands;
	}
}

/** The host of one instance: keeps the arguments of the last call, and returns the answer that was set. */
export class DifferentialHost {
	received: readonly unknown[] | undefined;
	answer: unknown;
	/** Object that the next thing stands for which the guest makes or constructs. */
	next: object = {};
	/** Object of the thing that was shown last. */
	shown: unknown;
	readonly imports: ImportObject;
	/** Class of the things, with the methods of the interface. */
	readonly #things: new (
		...args: unknown[]
	) => Thing;

	constructor({ functions }: RandomPackage) {
		const next = (): object => this.next;
		const receive = (args: readonly unknown[]): void => {
			this.received = args;
		};
		const answer = (waits: boolean): unknown => (waits ? Promise.resolve(this.answer) : this.answer);
		this.#things = class extends Thing {
			constructor(...args: unknown[]) {
				super(next());
				receive(args);
			}
		};
		const members: Record<string, unknown> = {};
		for (const { name, kind, waits } of functions) {
			const label = name.slice(name.lastIndexOf(".") + 1);
			if (kind === "method")
				Reflect.set(this.#things.prototype, label, function (this: unknown, ...args: unknown[]) {
					receive([this, ...args]);
					return answer(waits);
				});
			else if (kind !== "constructor")
				Reflect.set(kind === "static" ? this.#things : members, label, (...args: unknown[]) => {
					receive(args);
					return answer(waits);
				});
		}
		const show = (thing: unknown): void => {
			this.shown = thing instanceof Thing ? thing.stands : thing;
		};
		this.imports = { [INTERFACE]: { ...members, Thing: this.#things, make: () => this.thing(this.next), show } };
	}

	thing(stands: object): Thing {
		const { next, received } = this;
		this.next = stands;
		const made = new this.#things();
		this.next = next;
		this.received = received;
		return made;
	}
}
