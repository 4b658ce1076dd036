/** True once the guest has been called. Before, its top level runs during the build, where no hostcall and no random number exists. */
let started = false;

/** Returns true once the guest has been called, and false while the top level of the guest runs during its build. */
export function isStarted(): boolean {
	return started;
}

/** Marks that the guest is called. */
export function markStarted(): void {
	started = true;
}
