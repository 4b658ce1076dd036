/**
 * A value that no component can pass to its host. The guest ends there, as a component does: later calls of the run fail too, even if the guest
 * catches this error.
 */
export class MockTrap extends Error {
	override readonly name = "MockTrap";
}
