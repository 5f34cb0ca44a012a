/*
 * serve: requests come in and answers go out (the only <fcgiapp.h>).
 *
 * If descriptor 0 is a listening socket, serve() answers FastCGI requests
 * until SIGTERM, SIGINT or SIGUSR1, finishing the one it is at; otherwise it
 * answers the one request of plain CGI.  Connections are never kept: libfcgi
 * would take an unread body for records of its own protocol.
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdbool.h>
#include <stddef.h>

struct io;

/* A parameter of the request, NULL if there is none. */
const char	*io_param(struct io *, const char *name);
/* True if a parameter came twice, as nginx hands on repeated headers. */
bool		 io_repeated(struct io *, const char *name);
/* Exactly n bytes of the body, or false. */
bool		 io_read(struct io *, char *, size_t n);
/* False when the client is gone. */
bool		 io_write(struct io *, const char *, size_t n);
bool		 io_flush(struct io *);
/* End the connection so that the client sees an answer cut short. */
void		 io_abort(struct io *);

void		 serve(void (*handle)(struct io *, void *), void *arg);
/* True if the environment says that this is a plain CGI request. */
bool		 serve_is_cgi(void);

#endif
