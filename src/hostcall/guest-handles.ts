import { BindingError, ResourceScope } from "../../generated/hostcall/runtime.ts";

/** Open handles of one guest, up to a limit: each may hold memory, a timer or a request of the host. */
export class GuestHandles extends ResourceScope {
	readonly #max: number;

	constructor(max: number) {
		super();
		this.#max = max;
	}

	/**
	 * Adds an object. Beyond the limit the object is disposed.
	 *
	 * @throws BindingError `not_permitted` beyond the limit.
	 */
	override add(handle: object, resource: Partial<Disposable>): void {
		if (this.size >= this.#max) {
			resource[Symbol.dispose]?.();
			throw new BindingError(
				"not_permitted",
				`the guest holds ${this.#max} handles, the most this host allows (max_handles); drop those it is done with`,
			);
		}
		super.add(handle, resource);
	}
}
