// The grammar of language 1, as docs/language.md has it. `file` is the whole of it, but the front end never calls that
// rule: it parses one statement at a time, so that a policy of a million rules needs no tree of a million rules. Its
// entry points are the rules marked "entry", and it follows the braces between them itself (src/syntax/parse.cpp).
// tests/unit/syntax/grammar_test.cpp holds the two together.
parser grammar PolicyParser;
options { tokenVocab = PolicyLexer; }

file : version item* EOF ;
version : 'language' INT ';' ;  // entry

// ---- items
item : annotation*
       ( imports | let | variantHead let* '}' | ( abstractionHead | policyHead | overlayHead ) stmt* '}' ) ;
itemOpening : annotation* ( imports | let | variantHead | abstractionHead | policyHead | overlayHead ) ;  // entry
imports : 'import' STRING ';' ;
variantHead : 'variant' name ( 'on' names )? '{' ;
abstractionHead : 'abstraction' name ( '(' names? ')' )? '{' ;
policyHead : 'policy' name '{' ;
overlayHead : 'overlay' name 'for' name '{' ;

// ---- statements
stmt : annotation* ( simple | when | targetHead targetEntry* '}' | expectHead expectedRule* '}' ) ;
when : whenHead stmt* '}' ( elseHead stmt* '}' | 'else' when )? ;
stmtOpening : annotation* ( simple | whenHead | targetHead | expectHead ) ;  // entry
elseOpening : 'else' whenHead | elseHead ;  // entry
simple : let | program | defaults | uses | deploy | limit | rules ;
let : 'let' name '=' value ';' ;  // entry, in a variant
program : 'program' path ( ',' path )* ';' ;
defaults : 'default' reaction ( 'for' names )? ';' ;
reaction : ( 'deny' ( 'errno' name )? | 'kill' | 'hidden' ) 'log'? | 'log' ;
uses : 'use' usage ( ',' usage )* ';' ;
usage : name ( '(' ( value ( ',' value )* )? ')' )? ;
deploy : 'deploy' names ';' ;
limit : 'limit' name '<=' ( INT | SIZE ) ';' ;
whenHead : 'when' guard '{' ;
elseHead : 'else' '{' ;
guard : gterm ( 'and' gterm )* ;
gterm : ( 'variant' | 'os' | 'arch' ) ( '==' | '!=' ) names ;
targetHead : 'target' name '{' ;
targetEntry : 'raw' STRING ';' | 'option' name '=' word ( ',' word )* ';' | defaults ;  // entry
expectHead : 'expect' ( 'when' guard )? '{' ;
expectedRule : annotation* rules ;  // entry
annotation : '@' name '(' note ( ',' note )* ')' ;
note : STRING | name ( ':' name )? ;

// ---- rules
rules : ( 'allow' | 'deny' ) access ';' ;
question : ( access | numbered ) ';'? EOF ;  // entry: an access on the command line
numbered : nverb name sub name INT endpoint? ;  // a socket that only numbers tell from others: connect inet stream protocol 33 192.0.2.1:80
access : fileAccess | netAccess | callAccess | identityAccess | classAccess | peerAccess | processAccess ;

fileAccess : fverb ( ',' fverb )* place ( ',' place )* ( '->' ( path | name ) )? fqual* ;
fverb : 'any' | 'read' | 'write' | 'modify' | 'append' | 'create' | 'delete' | 'truncate' | 'rename' | 'link' | 'symlink'
      | 'mkdir' | 'mknod' | 'chmod' | 'chown' | 'utime' | 'xattr' | 'stat' | 'list' | 'chdir' | 'chroot' | 'exec' | 'map'
      | 'lock' | 'ioctl' | 'watch' ;
place : 'tree'? path ;
fqual : 'owner' ( 'self' | STRING | VAR ) | 'mode' INT | 'type' 'not'? ftype ( ',' ftype )* | 'request' names ;
ftype : 'file' | 'dir' | 'socket' | 'fifo' | 'symlink' | 'chardev' | 'blockdev' ;

netAccess : nverb ( ',' nverb )* peer ;
nverb : 'any' | 'connect' | 'bind' | 'listen' | 'accept' | 'send' | 'receive' | 'socket' ;
peer : proto ( ',' proto )* ( endpoint ( ',' endpoint )* )?
     | ( 'inet' | 'inet6' ) sub?
     | 'unix' sub? ( path ( ',' path )* | 'abstract' STRING )?
     | 'netlink' names?
     | 'packet' sub?
     | 'any' sub? ;
proto : ( 'tcp' | 'udp' | 'sctp' | 'icmp' ) sub? ;
sub : 'stream' | 'dgram' | 'seqpacket' | 'raw' ;

callAccess : 'syscall' calls+=callSet ( ',' calls+=callSet )* ( 'where' where=cond )? ;
callSet : name | VAR ;
identityAccess : ( 'setuid' | 'setgid' ) value ;
classAccess : ( 'capability' | 'memory' | 'namespace' | 'time' | 'mount' | 'ipc' ) names ;
peerAccess : ( 'signal' | 'ptrace' ) names 'to' names ;
processAccess : pverb ( ',' pverb )* ;
pverb : 'fork' | 'thread' | 'socketpair' ;

// ---- conditions on a system call's arguments
// Parts have labels here, for filters have the most conditions: the generated accessors look through all children each time.
cond : terms+=conj ( 'or' terms+=conj )* ;
conj : terms+=test ( 'and' terms+=test )* ;
test : single=comparison | 'not' negated=test | '(' inner=cond ')' ;
comparison
    : subject=arg ( '&' bits=mask )?
      ( sign=( '==' | '!=' | '<' | '<=' | '>' | '>=' ) right=num | sign='in' ( choices=set | variable=VAR ) ) ;
arg : 'arg' '[' index=INT ']' | named=name ;
mask : tilde='~'? ( single=atom | '(' several=num ')' ) ;
num : terms+=atom ( '|' terms+=atom )* ;
atom : minus='-'? number=INT | named=name | variable=VAR ;

// ---- values
value : STRING | INT | account | set | VAR ports? | addr ports? ;
account : ( 'user' | 'group' ) STRING INT? ;
set : '{' member ( ',' member )* ','? '}' ;
member : INT ( '-' INT )? | STRING | account | name ( '|' name )* | VAR ports? | ip ports? ;
endpoint : ( addr | VAR ) ports? ;
addr : 'any' | 'any4' | 'any6' | ip ;
ip : IP4 ( '/' INT )? | IP6 ;
ports : ':' ( INT ( '-' INT )? | set | VAR ) ;
path : STRING | VAR ;
word : name | INT | STRING ;
names : members+=name ( ',' members+=name )* ;
name
    : ID
    | LANGUAGE_ | IMPORT_ | VARIANT_ | ON_ | LET_ | ABSTRACTION_ | POLICY_ | OVERLAY_ | FOR_ | PROGRAM_ | DEFAULT_
    | USE_ | WHEN_ | ELSE_ | TARGET_ | RAW_ | OPTION_ | DEPLOY_ | LIMIT_ | EXPECT_ | USER_ | GROUP_ | OS_ | ARCH_
    | DENY_ | ALLOW_ | ERRNO_ | LOG_ | KILL_ | HIDDEN_ | TREE_ | OWNER_ | SELF_ | MODE_ | TYPE_ | REQUEST_ | FILE_
    | DIR_ | SOCKET_ | FIFO_ | SYMLINK_ | CHARDEV_ | BLOCKDEV_ | READ_ | WRITE_ | APPEND_ | CREATE_ | DELETE_
    | TRUNCATE_ | RENAME_ | LINK_ | MKDIR_ | MKNOD_ | CHMOD_ | CHOWN_ | UTIME_ | XATTR_ | STAT_ | LIST_ | CHDIR_
    | CHROOT_ | EXEC_ | MAP_ | LOCK_ | IOCTL_ | WATCH_ | CONNECT_ | BIND_ | LISTEN_ | ACCEPT_ | SEND_ | RECEIVE_
    | TCP_ | UDP_ | SCTP_ | ICMP_ | UNIX_ | NETLINK_ | PACKET_ | ANY_ | ANY4_ | ANY6_ | ABSTRACT_ | STREAM_ | DGRAM_
    | SEQPACKET_ | SYSCALL_ | WHERE_ | ARG_ | SETUID_ | SETGID_ | CAPABILITY_ | MEMORY_ | NAMESPACE_ | TIME_ | MOUNT_
    | IPC_ | SIGNAL_ | PTRACE_ | TO_ | FORK_ | THREAD_ | SOCKETPAIR_ | MODIFY_ | INET_ | INET6_ ;
