"""消费者反映: what shoppers reported, looked into and answered."""
