/** The ways in which a pickle builds an object: REDUCE, NEWOBJ, NEWOBJ_EX, OBJ, INST. */
export type Construct = 'reduce' | 'newobj' | 'newobj_ex' | 'obj' | 'inst'
