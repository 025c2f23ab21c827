"""Where does the data come from? One reader a kind, each giving a typed snapshot."""
