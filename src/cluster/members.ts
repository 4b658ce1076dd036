/** Longest name of a host, in characters. */
export const MAX_HOST_NAME = 64;

/** Length of the identifier of an instance: the hexadecimal digits of one start of a host. */
export const INSTANCE_LENGTH = 16;

/** Length of the digest of a configuration: hexadecimal digits of SHA-256. */
export const DIGEST_LENGTH = 64;

/** Largest card of a host, in bytes. */
export const MAX_CARD_BYTES = 16_384;

/** Largest message between two hosts, in bytes. */
export const MAX_MESSAGE_BYTES = 16_384;

/** Most messages that wait for a host. The oldest are deleted. */
export const MAX_MESSAGES = 64;

/** Most hosts that a list holds. */
export const MAX_MEMBERS = 4_096;

/** A host that renews its place. */
export interface Renewal {
	/** Name of the host, at most `MAX_HOST_NAME` characters. */
	readonly name: string;
	/** Identifier of this start of the host. */
	readonly instance: string;
	/** Digest of the configuration, for the number of hosts with the same one. */
	readonly digest: string;
	/** The card as text, at most `MAX_CARD_BYTES`. */
	readonly card: string;
	/** Time after which the host is gone without another renewal, in milliseconds. */
	readonly ttlMs: number;
	/** True to replace a live instance of the same name. The default is false: `renew` then returns `held`. */
	readonly takeOver?: boolean;
}

/** Result of a renewal. `held`: another instance has the name, and nothing was changed. */
export type RenewResult =
	| { readonly type: "held"; readonly by: string }
	| {
			readonly type: "renewed";
			/** Number of hosts. */
			readonly hosts: number;
			/** Number of hosts with the same configuration, this one included. */
			readonly sameConfig: number;
			/** Number of messages that wait for this instance. */
			readonly messages: number;
	  };

/** A host as the store has it. Neither name nor card are checked yet, apart from their sizes. */
export interface StoredMember {
	readonly name: string;
	readonly instance: string;
	readonly card: string;
	/** Time of the last renewal, in milliseconds since 1970, by the store's clock. */
	readonly seenAtMs: number;
}

/** The hosts at one moment. */
export interface StoredMembers {
	/** Time of the store, in milliseconds since 1970. */
	readonly atMs: number;
	/** In the order of their names. */
	readonly members: readonly StoredMember[];
	/** Hosts whose values cannot be used, with the reason. */
	readonly refused: readonly { readonly name: string; readonly fault: string }[];
}

/**
 * Room of the shared store: the live hosts with their cards, and messages between them. A host renews its place, and is gone after its TTL.
 * Names are unique among live hosts.
 */
export interface Members {
	/** Joins, or renews the place. @throws StoreError */
	renew(renewal: Renewal): Promise<RenewResult>;
	/** Leaves at once. Has no effect if another instance has the name. @throws StoreError */
	leave(name: string, instance: string): Promise<void>;
	/** Returns the live hosts. @throws StoreError */
	list(): Promise<StoredMembers>;
	/**
	 * Acquires or renews the right to change all hosts one after the other, which at most one instance has. Returns false if another one has it.
	 *
	 * @throws StoreError
	 */
	hold(instance: string, ttlMs: number): Promise<boolean>;
	/** Returns the right. Has no effect if another instance has it. @throws StoreError */
	release(instance: string): Promise<void>;
	/**
	 * Leaves a message for an instance, which needs not be live.
	 *
	 * @param ttlMs Time after which the message is not delivered any more, in milliseconds.
	 * @throws StoreError
	 */
	send(to: string, message: string, ttlMs: number): Promise<void>;
	/** Takes the messages for an instance, the oldest first. Expired ones and ones that are too large are left out. @throws StoreError */
	receive(instance: string): Promise<readonly string[]>;
	/**
	 * Calls `listener` after a message was left for an instance. Calls may be lost with a connection: `renew` tells the number of messages too.
	 * Returns the function that ends that.
	 */
	onMessage(instance: string, listener: () => void): () => void;
}
