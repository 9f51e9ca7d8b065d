const orders = new Map();

module.exports = {
  all: async () => [...orders.values()],
  ofOwner: async (owner) => [...orders.values()].filter((order) => order.owner === owner),
  find: async (id) => orders.get(id),
  save: async (order) => orders.set(order.id, order),
  remove: async (id) => orders.delete(id),
};
